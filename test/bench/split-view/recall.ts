/** Recall: every selector with every payload, on still and on live pages, over the exchanges in which the lie was delivered. */
import type { Ratio } from '../../../src/domain/index.ts';
import { type Answer, html, redirect } from '../../origin/answer.ts';
import type { Asked } from '../../origin/asked.ts';
import { LIES } from '../../origin/lies.ts';
import { busy } from '../../origin/life.ts';
import { drawsOf, seedOf } from './chance.ts';
import { type Document, documentLies } from './documents.ts';
import { type Counts, countsOf, examine, linesOf, PAGE_URL, type Result, type Trial } from './examine.ts';
import { isFlagged } from './judge.ts';
import { momentOf } from './moment.ts';
import type { PageSet } from './pages.ts';
import type { Progress } from './progress.ts';
import { BEYOND, type Liar, SELECTORS } from './selectors.ts';

/** Counts are over the exchanges in which the crawler got the lie. */
export interface RecallCell extends Counts {
  readonly selector: string;
  readonly payload: string;
  readonly live: boolean;
  readonly beyond: boolean;
  readonly bound?: Ratio;
  readonly missed: readonly string[];
}

export const TEXT_PAYLOADS = ['paragraph replaced', 'paragraph injected', 'whole article'];
export const FINE_PAYLOADS = ['one number', 'one negation'];
/** Pages that are tried for each lie that is wanted: chance may spare the crawler, and not every page gives a handle. */
const TRIED = 8;

interface LyingTrial extends Trial {
  /** Whether the crawler got the lie. */
  readonly lied: () => boolean;
}

export async function recall(pages: PageSet, perCell: number, progress: Progress): Promise<RecallCell[]> {
  const cells: RecallCell[] = [];
  const documents = await documentLies();
  const liars = [
    ...Object.entries(SELECTORS).map((entry) => [...entry, false] as const),
    ...Object.entries(BEYOND).map((entry) => [...entry, true] as const),
  ];
  for (const [selector, liar, beyond] of liars) {
    for (const live of [false, true]) {
      for (const payload of [...Object.keys(LIES), 'redirect', ...Object.keys(documents)]) {
        if (progress.stopped) return cells;
        const cell = `${selector} ${payload} ${live ? 'live' : 'still'}`;
        const document = documents[payload];
        const trials = document
          ? documentTrials(document, cell, liar, live, perCell)
          : pageTrials(pages, cell, payload, liar, live, perCell);
        const results = await delivered(trials, perCell);
        cells.push({
          selector,
          payload,
          live,
          beyond,
          ...(liar.bound === undefined ? {} : { bound: liar.bound }),
          ...countsOf(results),
          missed: linesOf(results, (judged) => !isFlagged(judged)),
        });
      }
      const row = cells.filter((one) => one.selector === selector && one.live === live);
      const [caught, of] = [
        row.reduce((sum, { flagged }) => sum + flagged, 0),
        row.reduce((sum, { exchanges }) => sum + exchanges, 0),
      ];
      progress.step(`${selector}, ${live ? 'live' : 'still'}: ${caught} of ${of}`);
    }
  }
  return cells;
}

async function delivered(trials: Iterable<LyingTrial>, wanted: number): Promise<Result[]> {
  const results: Result[] = [];
  for (const trial of trials) {
    const result = await examine(trial);
    if (trial.lied()) results.push(result);
    if (results.length >= wanted) break;
  }
  return results;
}

/** Pages in an order of the cell's own; a page without a handle for the lie is passed over. */
function* pageTrials(
  pages: PageSet,
  cell: string,
  payload: string,
  liar: Liar,
  live: boolean,
  perCell: number,
): Generator<LyingTrial> {
  const order = [...pages.chosen].sort((a, b) => seedOf(cell, a.name) - seedOf(cell, b.name));
  let tried = 0;
  for (const page of order) {
    const world = `${cell} ${page.name}`;
    const lie = payload === 'redirect' ? undefined : LIES[payload]?.(page.markup, drawsOf(world, 'lie'));
    if (payload !== 'redirect' && lie === undefined) continue;
    if (++tried > perCell * TRIED) return;
    const answer = (markup: string, asked: Asked) =>
      html(live ? busy(markup, momentOf(world, asked, pages.prose(page))) : markup);
    yield lyingTrial(world, PAGE_URL, liar, (asked, lied) => {
      if (!lied) return answer(page.markup, asked);
      return lie === undefined ? redirect('https://mirror.example.net/articles/one') : answer(lie, asked);
    });
  }
}

function* documentTrials(
  document: Document,
  cell: string,
  liar: Liar,
  live: boolean,
  perCell: number,
): Generator<LyingTrial> {
  for (let at = 0; at < perCell * TRIED; at++) {
    const trial = lyingTrial(`${cell} ${at}`, document.url, liar, (asked, lied) =>
      document.answer(seedOf(cell, at), lied, live, asked),
    );
    yield { ...trial, pictures: document.pictures };
  }
}

function lyingTrial(
  world: string,
  url: string,
  { picks, crawler, cookies }: Liar,
  answer: (asked: Asked, lied: boolean) => Answer,
): LyingTrial {
  let first = false;
  return {
    world,
    url,
    lied: () => first,
    ...(crawler === undefined ? {} : { crawler }),
    site: (asked) => {
      // Chance depends on the path, and every trial is a page of its own.
      const lied = picks({ ...asked, path: `/${world}` });
      if (asked.asks === 0) first = lied;
      const given = answer(asked, lied);
      return cookies ? { ...given, fields: { ...given.fields, 'Set-Cookie': 'visitor=1; Path=/' } } : given;
    },
  };
}
