/** The crawl: takes turns, visits, writes content and row, and counts. */
import type { Client } from './client.ts';
import type { Robots } from './robots.ts';
import { failedRow, isWithheld, type Row, rowOf } from './row.ts';
import { Schedule } from './schedule.ts';
import type { State } from './state.ts';
import { visit } from './visit.ts';
import type { Warc } from './warc.ts';

export interface CrawlOptions {
  /** Requests under way at a time, over all hosts. */
  readonly concurrency: number;
  /** Least pause between two requests to a host, in milliseconds; robots.txt can lengthen it. */
  readonly delay: number;
  readonly retries: number;
}

export interface CrawlParts {
  readonly client: Client;
  readonly robots: Robots;
  readonly state: State;
  readonly warc: Warc;
  readonly clock: () => number;
  readonly sleep: (ms: number, wake: AbortSignal) => Promise<void>;
  /** Told of every row once it is written. */
  readonly report: (row: Row) => void;
}

/** URLs read ahead of their turn. */
const WINDOW = 10_000;
const MAX_REDIRECTS = 5;
/** Before the first further try, in milliseconds. */
const BACKOFF = 1000;

/**
 * Visit every URL of `urls` that is not done yet. `stop` ends it after the requests under way, `abandon` at once; what
 * was not finished is not in the state and will be fetched by the next run.
 */
export async function crawl(
  urls: AsyncIterable<string>,
  options: CrawlOptions,
  parts: CrawlParts,
  signals: { stop: AbortSignal; abandon: AbortSignal },
): Promise<void> {
  const schedule = new Schedule(remaining(urls, parts.state), {
    delayOf: (host) => Math.max(options.delay, parts.robots.delayOf(host)),
    window: WINDOW,
    clock: parts.clock,
    sleep: parts.sleep,
  });
  const stop = (): void => schedule.stop();
  if (signals.stop.aborted) stop();
  signals.stop.addEventListener('abort', stop, { once: true });

  const work = async (): Promise<void> => {
    for (let turn = await schedule.next(); turn !== undefined; turn = await schedule.next()) {
      try {
        const row = await fetchRow(turn.url, options, parts, signals.abandon);
        if (row === undefined) return;
        await parts.state.add(row);
        parts.report(row);
      } finally {
        turn.finish();
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: options.concurrency }, work));
  } finally {
    signals.stop.removeEventListener('abort', stop);
  }
}

/** Undefined where the visit was abandoned. */
async function fetchRow(
  url: string,
  options: CrawlOptions,
  { client, robots, warc, clock, sleep }: CrawlParts,
  abandon: AbortSignal,
): Promise<Row | undefined> {
  const at = (): string => new Date(clock()).toISOString();
  const visitOptions = {
    retries: options.retries,
    backoff: BACKOFF,
    maxRedirects: MAX_REDIRECTS,
    mayFetch: (next: string) => robots.mayFetch(next, abandon),
    sleep,
  };
  const started = at();
  try {
    const hops = await visit(client, url, visitOptions, abandon);
    // Content first: a row says that its content is kept.
    for (const hop of hops) if (!isWithheld(hop)) await warc.add(hop, started);
    const last = hops.at(-1);
    return last ? rowOf(url, last, started) : failedRow(url, 'nothing was asked', started);
  } catch (error) {
    if (abandon.aborted) return undefined;
    return failedRow(url, error instanceof Error ? error.message : String(error), started);
  }
}

async function* remaining(urls: AsyncIterable<string>, state: State): AsyncGenerator<string> {
  for await (const url of urls) if (!state.done.has(url)) yield url;
}
