/** One exchange of the benchmark: judged by the guard and by the baselines, and many of them counted. */
import { setImmediate as turn } from 'node:timers/promises';
import type { ImageDecoder } from '../../../src/domain/index.ts';
import { type Baselines, baselines } from './baseline.ts';
import { drawsOf } from './chance.ts';
import { noDecoder } from './documents.ts';
import { isFlagged, type Judged, type JudgeOptions, judge, REFERENCE } from './judge.ts';
import type { Crawler, Site } from './world.ts';

export const PAGE_URL = 'https://site.example/articles/one';

export interface Trial {
  /** Names the site and the draw; all chance follows from it. */
  readonly world: string;
  readonly site: Site;
  readonly url?: string;
  readonly pictures?: ImageDecoder;
  readonly crawler?: Crawler;
  readonly noise?: JudgeOptions['noise'];
}

export interface Result {
  readonly world: string;
  readonly judged: Judged;
  readonly simple: Baselines;
}

export interface Counts {
  readonly exchanges: number;
  readonly flagged: number;
  readonly clean: number;
  /** All of them together. */
  readonly refetches: number;
  readonly tenCharacters: number;
  readonly similarity: number;
}

export async function examine({
  world,
  site,
  url = PAGE_URL,
  pictures,
  crawler,
  noise,
}: Trial): Promise<Result> {
  // Nothing here waits for a socket: without a turn of the loop no signal would ever arrive.
  await turn();
  const judged = await judge({
    url,
    site,
    decoder: pictures ?? noDecoder,
    draw: drawsOf(world, 'who')(),
    ...(crawler === undefined ? {} : { crawler }),
    ...(noise === undefined ? {} : { noise }),
  });
  return { world, judged, simple: await baselines(url, site, REFERENCE, crawler) };
}

export function countsOf(results: readonly Result[]): Counts {
  const count = (picked: (result: Result) => boolean) => results.filter(picked).length;
  return {
    exchanges: results.length,
    flagged: count(({ judged }) => isFlagged(judged)),
    clean: count(({ judged }) => judged.verdict.verdict === 'clean'),
    refetches: results.reduce((sum, { judged }) => sum + judged.refetches, 0),
    tenCharacters: count(({ simple }) => simple.tenCharacters),
    similarity: count(({ simple }) => simple.similarity),
  };
}

/** Results that are not as they should be, in a line each. */
export const linesOf = (results: readonly Result[], wrong: (judged: Judged) => boolean): string[] =>
  results.filter(({ judged }) => wrong(judged)).map(({ world, judged }) => `${world}: ${describe(judged)}`);

const describe = ({ verdict, refetches }: Judged): string =>
  `${verdict.verdict} ${verdict.quorum} after ${refetches}: ${verdict.findings
    .slice(0, 2)
    .map(
      ({ rule, score, evidence }) => `${rule} ${score.toFixed(2)} ${JSON.stringify(evidence).slice(0, 500)}`,
    )
    .join('; ')}`;

/** Counts of rows taken together. */
export const sumOf = (rows: readonly Counts[]): Counts => ({
  exchanges: sum(rows, 'exchanges'),
  flagged: sum(rows, 'flagged'),
  clean: sum(rows, 'clean'),
  refetches: sum(rows, 'refetches'),
  tenCharacters: sum(rows, 'tenCharacters'),
  similarity: sum(rows, 'similarity'),
});

const sum = (rows: readonly Counts[], key: keyof Counts): number =>
  rows.reduce((total, row) => total + row[key], 0);
