/** Recall: every selector with every payload, on still and on live pages, over the exchanges in which the lie was delivered. */
import type { ImageDecoder } from '../../../src/domain/index.ts';
import { type Answer, html, redirect } from '../../origin/answer.ts';
import type { Asked, Selector } from '../../origin/asked.ts';
import { LIES } from '../../origin/lies.ts';
import { busy } from '../../origin/life.ts';
import { withoutCookie } from '../../origin/selectors.ts';
import { type Baselines, baselines } from './baseline.ts';
import { describe } from './benign.ts';
import { drawsOf, seedOf } from './chance.ts';
import { type Document, decoder, documentLies, noDecoder } from './documents.ts';
import { isFlagged, type Judged, judge, REFERENCE } from './judge.ts';
import { momentOf } from './moment.ts';
import type { BenchPage } from './pages.ts';
import { BEYOND, SELECTORS } from './selectors.ts';
import type { Site } from './world.ts';

export interface RecallCell {
  readonly selector: string;
  readonly payload: string;
  readonly live: boolean;
  /** Exchanges in which the crawler got the lie. */
  readonly delivered: number;
  readonly caught: number;
  readonly refetches: number;
  readonly tenCharacters: number;
  readonly similarity: number;
  readonly beyond: boolean;
  readonly missed: readonly string[];
}

export const TEXT_PAYLOADS = ['paragraph replaced', 'paragraph injected', 'whole article'];
export const FINE_PAYLOADS = ['one number', 'one negation'];

interface Trial {
  readonly world: string;
  readonly url: string;
  readonly site: Site;
  readonly pictures: ImageDecoder;
  /** Whether the crawler got the lie. */
  readonly lied: () => boolean;
}

export async function recall(
  pages: readonly BenchPage[],
  prose: readonly string[],
  perCell: number,
): Promise<RecallCell[]> {
  const cells: RecallCell[] = [];
  const documents = await documentLies();
  const selectors = [
    ...Object.entries(SELECTORS).map((entry) => [...entry, false] as const),
    ...Object.entries(BEYOND).map((entry) => [...entry, true] as const),
  ];
  for (const [selector, picks, beyond] of selectors) {
    for (const live of [false, true]) {
      process.stderr.write(`${selector}, ${live ? 'live' : 'still'}\n`);
      for (const payload of [...Object.keys(LIES), 'redirect', ...Object.keys(documents)]) {
        const document = documents[payload];
        const trials = document
          ? documentTrials(document, `${selector} ${payload} ${live}`, picks, live, perCell)
          : pageTrials(pages, `${selector} ${payload} ${live}`, payload, picks, live, prose, perCell);
        cells.push({ selector, payload, live, beyond, ...(await caught(trials, perCell)) });
      }
    }
  }
  return cells;
}

/** Pages in an order of the cell's own, until `perCell` of them got the lie delivered; a page without a handle for it is passed over. */
function* pageTrials(
  pages: readonly BenchPage[],
  cell: string,
  payload: string,
  picks: Selector,
  live: boolean,
  prose: readonly string[],
  perCell: number,
): Generator<Trial> {
  const order = [...pages].sort((a, b) => seedOf(cell, a.name) - seedOf(cell, b.name));
  for (const page of order.slice(0, perCell * 6)) {
    const world = `${cell} ${page.name}`;
    const lie = payload === 'redirect' ? undefined : LIES[payload]?.(page.markup, drawsOf(world, 'lie'));
    if (payload !== 'redirect' && lie === undefined) continue;
    const lies: boolean[] = [];
    const answer = (markup: string, asked: Asked) =>
      html(live ? busy(markup, momentOf(world, asked, prose)) : markup);
    yield trial(
      world,
      'https://site.example/articles/one',
      lies,
      noDecoder,
      (asked, lied) => {
        if (!lied) return answer(page.markup, asked);
        return lie === undefined ? redirect('https://mirror.example.net/articles/one') : answer(lie, asked);
      },
      picks,
    );
  }
}

function* documentTrials(
  document: Document,
  cell: string,
  picks: Selector,
  live: boolean,
  perCell: number,
): Generator<Trial> {
  for (let at = 0; at < perCell * 6; at++) {
    const world = `${cell} ${at}`;
    yield trial(
      world,
      document.url,
      [],
      document.url.endsWith('.png') ? decoder : noDecoder,
      (asked, lied) => document.answer(seedOf(cell, at), lied, live, asked),
      picks,
    );
  }
}

function trial(
  world: string,
  url: string,
  lies: boolean[],
  pictures: ImageDecoder,
  answer: (asked: Asked, lied: boolean) => Answer,
  picks: Selector,
): Trial {
  const site: Site = (asked) => {
    // Chance depends on the path, and every trial is a page of its own.
    const lied = picks({ ...asked, path: `/${world}` });
    if (asked.asks === 0) lies[0] = lied;
    const given = answer(asked, lied);
    // Who chooses by cookies gives some: otherwise nobody would ever see anything but the lie.
    return picks === withoutCookie ? { ...given, fields: { ...given.fields, 'Set-Cookie': 'id=1' } } : given;
  };
  return { world, url, site, pictures, lied: () => lies[0] === true };
}

async function caught(
  trials: Iterable<Trial>,
  wanted: number,
): Promise<Omit<RecallCell, 'selector' | 'payload' | 'live' | 'beyond'>> {
  const results: Array<{ world: string; judged: Judged; simple: Baselines }> = [];
  for (const { world, url, site, pictures, lied } of trials) {
    const judged = await judge({ url, site, decoder: pictures, draw: drawsOf(world, 'who')() });
    if (!lied()) continue;
    results.push({ world, judged, simple: await baselines(url, site, REFERENCE) });
    if (results.length >= wanted) break;
  }
  const count = (picked: (result: (typeof results)[number]) => boolean) => results.filter(picked).length;
  return {
    delivered: results.length,
    caught: count(({ judged }) => isFlagged(judged)),
    refetches: results.reduce((sum, { judged }) => sum + judged.refetches, 0),
    tenCharacters: count(({ simple }) => simple.tenCharacters),
    similarity: count(({ simple }) => simple.similarity),
    missed: results
      .filter(({ judged }) => !isFlagged(judged))
      .map(({ world, judged }) => `${world}: ${describe(judged)}`),
  };
}
