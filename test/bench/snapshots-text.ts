/** Pages beside archived captures and recorded sketches of them: what living pages, other pages and lies come out as. */
import { parseArgs } from 'node:util';
import type { PageView } from '../../src/domain/index.ts';
import { matchArchived } from '../../src/snapshot/archived.ts';
import type { Matched } from '../../src/snapshot/ladder.ts';
import { isSimilarText } from '../../src/snapshot/likeness.ts';
import { likenessToSketch, sketchOfPage } from '../../src/snapshot/sketch.ts';
import { rules, view } from '../compare/views.ts';
import { LIES } from '../origin/lies.ts';
import { LIVING, type Moment } from '../origin/life.ts';
import { rate } from './image/rates.ts';
import { drawsOf } from './split-view/chance.ts';
import { HALVES, type Half, pageSet } from './split-view/pages.ts';

export const about =
  'pages beside archived captures and recorded sketches: --pages DIR [--half development|held-out|all], else generated ones';

const CHANGED: Matched = {
  match: { status: 'changed', dataset: 'bench', date: '2022-05-01T00:00:00.000Z', distance: null },
  settled: false,
  agrees: false,
  findings: [],
};

interface Row {
  n: number;
  similar: number;
  /** The same by the recorded sketch alone. */
  sketched: number;
  /** Something new outside places that live was told. */
  told: number;
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { pages: { type: 'string' }, half: { type: 'string', default: 'held-out' } },
  });
  const half = HALVES.find((each) => each === values.half) as Half;
  const set = pageSet(values.pages, half, 1000);
  const table = new Map<string, Row>();
  const odd: string[] = [];
  const add = (name: string, of: string, before: string, after: string): void => {
    const archived = { view: view(before, 'archive@bench'), at: 0 };
    const now = view(after);
    const { match, findings } = matchArchived(CHANGED, now, archived, { rules });
    const row = table.get(name) ?? { n: 0, similar: 0, sketched: 0, told: 0 };
    table.set(name, row);
    row.n++;
    if (match.status === 'similar') row.similar++;
    if (sketchSays(archived.view, now)) row.sketched++;
    if ((match.status === 'similar') === name.startsWith('another')) odd.push(`${name}: ${of}`);
    if (findings.some(({ evidence }) => (evidence['passages'] as unknown[])?.length > 0)) row.told++;
  };
  for (const page of set.chosen) {
    for (const [name, life] of Object.entries(LIVING)) {
      const moment = (asks: number): Moment => ({
        draw: drawsOf(page.name, name, asks),
        site: drawsOf(page.name, name, 'site'),
        visitor: drawsOf(page.name, name, 'visitor', asks),
        asks,
        isRobot: false,
        prose: set.prose(page),
        list: set.prose(page).slice(40, 100),
      });
      add(`living: ${name}`, page.name, life(page.markup, moment(1)), life(page.markup, moment(2)));
    }
    for (const [name, lie] of Object.entries(LIES)) {
      const lied = lie(page.markup, drawsOf(page.name, name));
      if (lied !== undefined) add(`lie: ${name}`, page.name, page.markup, lied);
    }
    for (const other of set.chosen)
      if (other !== page) add('another page', `${other.name} beside ${page.name}`, other.markup, page.markup);
  }
  process.stdout.write(`${set.chosen.length} pages (${half} of ${set.of})\n`);
  for (const [name, { n, similar, sketched, told }] of table)
    process.stdout.write(
      `${name.padEnd(34)} similar ${rate(similar, n).padEnd(44)} by sketch ${String(sketched).padEnd(6)} new passages told ${told}\n`,
    );
  for (const bad of odd.filter((each) => !each.startsWith('lie'))) process.stdout.write(`  bad: ${bad}\n`);
}

function sketchSays(before: PageView, after: PageView): boolean {
  const likeness = sketchOfPage(before).map(({ value }) => likenessToSketch(value, after))[0];
  return likeness !== undefined && isSimilarText(likeness);
}
