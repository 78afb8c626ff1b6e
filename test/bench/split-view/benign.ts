/** False alarms: benign kinds on pages, data and pictures that nobody lies about. */

import { html } from '../../origin/answer.ts';
import { AMBIGUOUS } from '../../origin/blind.ts';
import { busy, LIVING } from '../../origin/life.ts';
import { VARIANTS, type Variant, WITHHELD } from '../../origin/variants.ts';
import { benignDocuments } from './documents.ts';
import { type Counts, countsOf, examine, linesOf, type Result, type Trial } from './examine.ts';
import { isFlagged } from './judge.ts';
import { momentOf } from './moment.ts';
import type { PageSet } from './pages.ts';
import type { Progress } from './progress.ts';

/** `ambiguous`: honest, but not to be told from a lie; shown, and not counted among the targets. */
export type Group = 'still' | 'live' | 'withheld' | 'ambiguous';

export interface BenignRow extends Counts {
  readonly kind: string;
  readonly group: Group;
  /** Exchanges that were flagged, with what was found. */
  readonly bad: readonly string[];
}

const alive = Object.fromEntries(
  Object.entries({ ...LIVING, 'all of it at once': busy }).map(([name, life]): [string, Variant] => [
    name,
    (markup, moment) => html(life(markup, moment)),
  ]),
);

const GROUPS: ReadonlyArray<readonly [Group, Readonly<Record<string, Variant>>]> = [
  ['still', VARIANTS],
  ['live', alive],
  ['withheld', WITHHELD],
  ['ambiguous', AMBIGUOUS],
];

/**
 * Each kind on every page, on still ones `trials` times, on live ones half as often: where its boxes stand and who the visitors
 * are differs each time.
 */
export async function benign(pages: PageSet, trials: number, progress: Progress): Promise<BenignRow[]> {
  const rows: BenignRow[] = [];
  for (const [group, variants] of GROUPS) {
    const times = group === 'still' ? trials : group === 'live' ? Math.ceil(trials / 2) : 1;
    for (const [kind, variant] of Object.entries(variants)) {
      if (progress.stopped) return rows;
      rows.push(await row(kind, group, trialsOf(kind, variant, pages, times), progress));
    }
  }
  for (const { kind, group, trials: documents } of await benignDocuments(trials)) {
    if (progress.stopped) return rows;
    rows.push(await row(kind, group, documents, progress));
  }
  return rows;
}

function* trialsOf(kind: string, variant: Variant, pages: PageSet, times: number): Generator<Trial> {
  for (const page of pages.chosen) {
    for (let trial = 0; trial < times; trial++) {
      const world = `${kind} ${page.name} ${trial}`;
      const prose = pages.prose(page);
      yield { world, site: (asked) => variant(page.markup, momentOf(world, asked, prose)) };
    }
  }
}

async function row(
  kind: string,
  group: Group,
  trials: Iterable<Trial>,
  progress: Progress,
): Promise<BenignRow> {
  const results: Result[] = [];
  for (const trial of trials) {
    if (progress.stopped) break;
    results.push(await examine(trial));
  }
  const counts = countsOf(results);
  progress.step(`${group}, ${kind}: ${counts.flagged} of ${counts.exchanges}`);
  return { kind, group, ...counts, bad: linesOf(results, isFlagged) };
}
