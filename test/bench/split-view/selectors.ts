/** The selectors of the benchmark: whom the site lies to. */
import type { Selector } from '../../origin/asked.ts';
import {
  between,
  firstAsk,
  firstVisit,
  fromAddress,
  fromNowhere,
  machines,
  notSpeaking,
  outOfOrder,
  overHttp,
  robots,
  sometimes,
  strangerThan,
  without,
  withoutCookie,
} from '../../origin/selectors.ts';

const both =
  (...selectors: readonly Selector[]): Selector =>
  (asked) =>
    selectors.every((selector) => selector(asked));

export const SELECTORS: Readonly<Record<string, Selector>> = {
  'user agent': robots,
  'robots and tools': machines,
  'header presence': without('Accept-Language', 'Sec-Fetch-Mode'),
  'header order': outOfOrder('accept', 'accept-encoding'),
  'Accept-Language': notSpeaking('en'),
  'no Referer, anybody': fromNowhere,
  'Referer and user agent': both(fromNowhere, robots),
  'cookie and user agent': both(withoutCookie, robots),
  'first visit of a robot': both(firstVisit, robots),
  'very first request': firstAsk,
  'source address': fromAddress('127.0.0.1'),
  'TLS fingerprint': strangerThan(['chrome-desktop', 'firefox-desktop', 'plain']),
  'HTTP version': overHttp('1.1'),
  'third request on': both(robots, ({ asks }) => asks !== 1),
  'time window': between(0, 1_000_000 + 1000, robots),
  'probability 0.5': sometimes(0.5, robots),
  'probability 0.2': sometimes(0.2, robots),
  'address and user agent, 0.5': sometimes(0.5, both(robots, fromAddress('127.0.0.1'))),
};

/**
 * They lie to every visitor who comes as our references do, so that nothing differs, or differs only where one comes again (a half
 * of the exchanges of a source not seen before). Shown, and listed in docs/limits.md.
 */
export const BEYOND: Readonly<Record<string, Selector>> = {
  'no cookie, anybody': withoutCookie,
  'everybody in a window': between(0, 1_000_000 + 60_000, () => true),
};
