/** The tables. */
import type { BenignRow } from './benign.ts';
import { FINE_PAYLOADS, type RecallCell, TEXT_PAYLOADS } from './recall.ts';
import type { Speed } from './speed.ts';

const print = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};
const percent = (part: number, of: number): string =>
  of === 0 ? '-' : `${((100 * part) / of).toFixed(part === of || part === 0 ? 0 : 1)} %`;
const mean = (sum: number, of: number): string => (of === 0 ? '-' : (sum / of).toFixed(2));

const table = (rows: ReadonlyArray<readonly string[]>): void => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  for (const row of rows)
    print(
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    );
};

export function printBenign(rows: readonly BenignRow[]): void {
  if (rows.length === 0) return;
  print('False alarms (suspect or poisoned) by benign kind');
  table([
    ['kind', 'group', 'exchanges', 'flagged', 'clean', 'refetches', '10 characters', 'similarity'],
    ...rows.map((row) => [
      row.kind,
      row.group,
      String(row.exchanges),
      String(row.flagged),
      percent(row.clean, row.exchanges),
      mean(row.refetches, row.exchanges),
      percent(row.tenCharacters, row.exchanges),
      percent(row.similarity, row.exchanges),
    ]),
  ]);
  const bad = rows.flatMap((row) => row.bad);
  if (bad.length > 0) print(`\nFlagged (${bad.length}):`);
  for (const line of bad.slice(0, 40)) print(`  ${line}`);
  print();
}

export function printRecall(cells: readonly RecallCell[]): void {
  if (cells.length === 0) return;
  const payloads = [...new Set(cells.map(({ payload }) => payload))];
  for (const live of [false, true]) {
    print(`Recall on ${live ? 'live' : 'still'} pages: caught of delivered`);
    const selectors = [...new Set(cells.map(({ selector }) => selector))];
    table([
      ['selector', ...payloads.map((payload) => payload.replace('paragraph ', 'par. '))],
      ...selectors.map((selector) => [
        selector,
        ...payloads.map((payload) => {
          const cell = cells.find(
            (one) => one.selector === selector && one.payload === payload && one.live === live,
          );
          return cell ? `${cell.caught}/${cell.delivered}` : '';
        }),
      ]),
    ]);
    print();
  }
  const missed = cells.filter(({ beyond }) => !beyond).flatMap(({ missed: all }) => all);
  if (missed.length > 0) print(`Missed (${missed.length}):`);
  for (const line of missed.slice(0, 40)) print(`  ${line}`);
  print();
}

export function printTargets(rows: readonly BenignRow[], cells: readonly RecallCell[], speed: Speed): void {
  const lines: string[][] = [['target', 'measured', 'goal', 'of', '10 characters', 'similarity']];
  const recallOf = (name: string, goal: string, live: boolean, payloads: readonly string[] | undefined) => {
    const chosen = cells.filter(
      (cell) =>
        cell.live === live && !cell.beyond && (payloads === undefined || payloads.includes(cell.payload)),
    );
    const of = sum(chosen, 'delivered');
    if (of > 0)
      lines.push([
        name,
        percent(sum(chosen, 'caught'), of),
        goal,
        String(of),
        percent(sum(chosen, 'tenCharacters'), of),
        percent(sum(chosen, 'similarity'), of),
      ]);
  };
  recallOf('recall, still, all payloads', '>= 99 %', false, undefined);
  recallOf('recall, live, text payloads', '>= 97 %', true, TEXT_PAYLOADS);
  recallOf('recall, live, numbers and negations', '>= 90 %', true, FINE_PAYLOADS);
  recallOf('recall, live, all payloads', '', true, undefined);
  for (const [group, goal, cost] of [
    ['still', '<= 0.1 %', '<= 1.1'],
    ['live', '<= 0.5 %', '<= 4'],
    ['withheld', '0', ''],
  ] as const) {
    const chosen = rows.filter((row) => row.group === group);
    const of = sum(chosen, 'exchanges');
    if (of === 0) continue;
    lines.push([
      `false alarms, ${group}`,
      percent(sum(chosen, 'flagged'), of),
      goal,
      String(of),
      percent(sum(chosen, 'tenCharacters'), of),
      percent(sum(chosen, 'similarity'), of),
    ]);
    lines.push([`refetches, ${group}`, mean(sum(chosen, 'refetches'), of), cost, String(of), '1', '1']);
  }
  lines.push([
    'comparison, equal pages',
    `${speed.equal.toFixed(1)} ms`,
    '< 10 ms',
    String(speed.pages),
    '',
    '',
  ]);
  lines.push(['comparison, a lie', `${speed.lied.toFixed(1)} ms`, '< 10 ms', String(speed.pages), '', '']);
  table(lines);
}

function sum<Key extends string>(rows: ReadonlyArray<Readonly<Record<Key, number>>>, key: Key): number {
  return rows.reduce((total, row) => total + row[key], 0);
}
