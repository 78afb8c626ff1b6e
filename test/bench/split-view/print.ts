/** What was measured, as tables. */
import type { BandRow } from './band.ts';
import type { BenignRow } from './benign.ts';
import type { BlindRow } from './blind.ts';
import { type Counts, sumOf } from './examine.ts';
import type { RecallCell } from './recall.ts';
import type { RecheckRow } from './rechecks.ts';
import { mean, percent, print, printLines, table } from './table.ts';

const COUNTED = ['exchanges', 'flagged', 'clean', 'refetches', '10 characters', 'similarity'];
const countedOf = (row: Counts): string[] => [
  String(row.exchanges),
  String(row.flagged),
  percent(row.clean, row.exchanges),
  mean(row.refetches, row.exchanges),
  percent(row.tenCharacters, row.exchanges),
  percent(row.similarity, row.exchanges),
];

export function printBenign(rows: readonly BenignRow[]): void {
  if (rows.length === 0) return;
  print('False alarms (suspect or poisoned) by benign kind; ambiguous ones count nowhere');
  table([['kind', 'group', ...COUNTED], ...rows.map((row) => [row.kind, row.group, ...countedOf(row)])]);
  printLines(
    'Flagged',
    rows.filter(({ group }) => group !== 'ambiguous').flatMap((row) => row.bad),
  );
  print();
}

export function printRecall(cells: readonly RecallCell[]): void {
  if (cells.length === 0) return;
  const payloads = [...new Set(cells.map(({ payload }) => payload))];
  for (const live of [false, true]) {
    const found = cells.filter((cell) => cell.live === live);
    if (found.length === 0) continue;
    print(
      `Recall on ${live ? 'live' : 'still'} pages: caught of delivered; the bound is of delivered lies, by chance alone`,
    );
    const selectors = [...new Set(found.map(({ selector }) => selector))];
    const foot = (title: string, of: (counts: Counts) => string, among: readonly RecallCell[]) => [
      title,
      ...payloads.map((payload) => of(sumOf(among.filter((cell) => cell.payload === payload)))),
      of(sumOf(among)),
    ];
    const counted = found.filter(({ beyond }) => !beyond);
    table([
      ['selector', ...payloads.map(short), 'all', 'bound', 'refetches', '10 char.', 'similar.'],
      ...selectors.map((selector) => {
        const row = found.filter((cell) => cell.selector === selector);
        const all = sumOf(row);
        const bound = row[0]?.bound;
        return [
          selector,
          ...payloads.map((payload) => {
            const cell = row.find((one) => one.payload === payload);
            return cell ? `${cell.flagged}/${cell.exchanges}` : '';
          }),
          percent(all.flagged, all.exchanges),
          bound === undefined ? '' : percent(bound, 1),
          mean(all.refetches, all.exchanges),
          percent(all.tenCharacters, all.exchanges),
          percent(all.similarity, all.exchanges),
        ];
      }),
      foot('all but those that lie to anybody', (all) => percent(all.flagged, all.exchanges), counted),
      foot('refetches', (all) => mean(all.refetches, all.exchanges), counted),
      foot('10 characters', (all) => percent(all.tenCharacters, all.exchanges), counted),
      foot('similarity', (all) => percent(all.similarity, all.exchanges), counted),
    ]);
    print();
  }
  printLines(
    'Missed',
    cells.filter(({ beyond }) => !beyond).flatMap(({ missed }) => missed),
  );
  print();
}

const short = (payload: string): string =>
  payload.replace('paragraph ', 'par. ').replace('picture ', 'pic. ').replace('image ', 'img ');

export function printBands(rows: readonly BandRow[]): void {
  if (rows.length === 0) return;
  print('Noise band: sites seen for the first time, seen again, and lying when they have been seen');
  const told = ({ flagged, exchanges, refetches }: Counts) => [
    `${flagged}/${exchanges}`,
    mean(refetches, exchanges),
  ];
  table([
    ['life', 'first: flagged', 'refetches', 'later: flagged', 'refetches', 'lies: caught', 'refetches'],
    ...rows.map(({ life, first, later, lied }) => [life, ...told(first), ...told(later), ...told(lied)]),
  ]);
  print();
}

export function printRechecks(rows: readonly RecheckRow[]): void {
  if (rows.length === 0) return;
  print('Rechecks: content that came and went, an earlier capture known; a weak signal without one');
  table([
    ['course', '', 'courses', 'found', 'weak signal'],
    ...rows.map(({ kind, lie, courses, found, weak }) => [
      kind,
      lie ? 'lie' : 'benign',
      String(courses),
      String(found),
      String(weak),
    ]),
  ]);
  print();
}

export function printBlind(rows: readonly BlindRow[]): void {
  if (rows.length === 0) return;
  print('Blind spots by design: lies to robots; flagged are those that were caught all the same');
  table([['payload', ...COUNTED], ...rows.map((row) => [row.payload, ...countedOf(row)])]);
  print();
}
