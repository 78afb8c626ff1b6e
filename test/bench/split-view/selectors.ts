/** The selectors of the benchmark: whom the site lies to, and how the crawler has to come for that. */
import type { Ratio } from '../../../src/domain/index.ts';
import { asks, type Selector } from '../../origin/asked.ts';
import {
  between,
  everybody,
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
import { CRAWLER_FIELDS, type Crawler } from './world.ts';

export interface Liar {
  readonly picks: Selector;
  readonly crawler?: Crawler;
  /** Whether the site gives cookies to everybody. */
  readonly cookies?: true;
  /** Share of delivered lies that can be told at most, where the first reference gets the same draw of chance. */
  readonly bound?: Ratio;
}

const both =
  (...selectors: readonly Selector[]): Selector =>
  (asked) =>
    selectors.every((selector) => selector(asked));

const sends =
  (name: string): Selector =>
  (asked) =>
    asks(asked, name) !== '';

const sending = (name: string, value: string): Crawler => ({
  fields: [...CRAWLER_FIELDS, [name, value]],
  visited: 0,
});

const to = (picks: Selector, more: Omit<Liar, 'picks'> = {}): Liar => ({ picks, ...more });

export const SELECTORS: Readonly<Record<string, Liar>> = {
  'user agent': to(robots),
  'robots and tools': to(machines),
  'header presence': to(without('Accept-Language', 'Sec-Fetch-Mode')),
  'header order': to(outOfOrder('accept', 'accept-encoding')),
  'Accept-Language': to(notSpeaking('en')),
  'no Referer, anybody': to(fromNowhere),
  'Referer and user agent': to(both(fromNowhere, robots)),
  'cookie and user agent': to(both(withoutCookie, robots), { cookies: true }),
  'first visit of a robot': to(both(firstVisit, robots)),
  'very first request': to(firstAsk),
  'source address': to(fromAddress('127.0.0.1')),
  'TLS fingerprint': to(strangerThan(['chrome-desktop', 'firefox-desktop', 'plain'])),
  'HTTP version': to(overHttp('1.1')),
  'Range request': to(sends('range'), { crawler: sending('Range', 'bytes=0-') }),
  'conditional request': to(sends('if-modified-since'), {
    crawler: sending('If-Modified-Since', 'Sat, 01 Nov 2025 10:00:00 GMT'),
  }),
  'third visit of a robot on': to(
    both(robots, ({ visits }) => visits >= 2),
    {
      crawler: { fields: CRAWLER_FIELDS, visited: 2 },
    },
  ),
  'robots but on the second request': to(both(robots, ({ asks: before }) => before !== 1)),
  'time window': to(between(0, 1_000_000 + 1000, robots)),
  'probability 0.5': to(sometimes(0.5, robots)),
  'probability 0.2': to(sometimes(0.2, robots)),
  'address and user agent, 0.5': to(sometimes(0.5, both(robots, fromAddress('127.0.0.1')))),
  'header order and HTTP version': to(both(outOfOrder('accept', 'accept-encoding'), overHttp('1.1'))),
};

/** They lie to every visitor alike, as far as one visit can tell, or by chance alone. Shown, and listed in docs/limits. */
export const BEYOND: Readonly<Record<string, Liar>> = {
  'no cookie, anybody': to(withoutCookie, { cookies: true }),
  'everybody in a window': to(between(0, 1_000_000 + 60_000, everybody)),
  'anybody, probability 0.5': to(sometimes(0.5, everybody), { bound: 0.5 }),
  'anybody, probability 0.2': to(sometimes(0.2, everybody), { bound: 0.8 }),
};
