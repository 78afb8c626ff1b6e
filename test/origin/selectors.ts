/** Whom a lying site lies to: everything that published attacks and services choose by. */
import type { Milliseconds, Ratio } from '../../src/domain/index.ts';
import { type Asked, asks, type Selector } from './asked.ts';

/** Names that robots give themselves. */
const ROBOT = /bot\b|crawl|spider|scrap|img2dataset/i;

export const everybody: Selector = () => true;

/** Those who say that they are robots. */
export const robots: Selector = (asked) => ROBOT.test(asks(asked, 'user-agent'));

/** Everybody who does not say to be a browser: robots, and honest tools. */
export const machines: Selector = (asked) =>
  robots(asked) || !asks(asked, 'user-agent').startsWith('Mozilla/5.0 ');

/** Everybody who is no robot: those whom a site turns away to keep an account of its visitors. */
export const browsersAndTools: Selector = (asked) => !robots(asked);

export const agent =
  (pattern: RegExp): Selector =>
  (asked) =>
    pattern.test(asks(asked, 'user-agent'));

/** Those who do not send a field that every browser sends. */
export const without =
  (...names: readonly string[]): Selector =>
  (asked) =>
    names.some((name) => asks(asked, name) === '');

/** Those who send `first` after `second`, or one of them not at all: the order is a browser's own. */
export const outOfOrder =
  (first: string, second: string): Selector =>
  ({ fields }) => {
    const at = (name: string): number => fields.findIndex(([key]) => key.toLowerCase() === name);
    return at(first) < 0 || at(second) < 0 || at(first) > at(second);
  };

/** Those who read no German, or whatever tag is given. */
export const notSpeaking =
  (tag: string): Selector =>
  (asked) =>
    !new RegExp(`(?:^|,)\\s*${tag}\\b`, 'i').test(asks(asked, 'accept-language'));

export const fromNowhere: Selector = (asked) => asks(asked, 'referer') === '';
export const withoutCookie: Selector = (asked) => asks(asked, 'cookie') === '';

/** Burn on fetch: only the first visit of an address and user agent, or the very first request of anybody. */
export const firstVisit: Selector = ({ visits }) => visits === 0;
export const firstAsk: Selector = ({ asks: before }) => before === 0;

export const fromAddress =
  (...addresses: readonly string[]): Selector =>
  ({ remoteAddress }) =>
    addresses.includes(remoteAddress.replace(/^::ffff:/, ''));

export const overHttp =
  (...versions: readonly Asked['httpVersion'][]): Selector =>
  ({ httpVersion }) =>
    versions.includes(httpVersion);

/** Everybody whose ClientHello is none of the known ones; over plain HTTP nobody. */
export const strangerThan =
  (known: readonly string[]): Selector =>
  ({ hello }) =>
    hello !== undefined && !known.includes(hello.fingerprint);

/** A share of those whom `picked` picks, decided for each request by its time and order: the same log, the same draws. */
export const sometimes =
  (share: Ratio, picked: Selector): Selector =>
  (asked) =>
    picked(asked) && scatter(`${asked.path} ${asked.asks}`) < share;

export const between =
  (from: Milliseconds, to: Milliseconds, picked: Selector): Selector =>
  (asked) =>
    asked.at >= from && asked.at < to && picked(asked);

/** FNV-1a, as a share from [0, 1). @see Fowler, Noll, Vo */
function scatter(text: string): Ratio {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
