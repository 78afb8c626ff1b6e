/** The table at the end of a demonstration: for each kind, what was expected and what came. */
import { VERDICTS } from '../../src/domain/index.ts';
import type { Exhibit } from './exhibits.ts';

export interface Outcome {
  readonly exhibit: Exhibit;
  /** Null where no verdict came. */
  readonly verdict: string | null;
  readonly action: string | null;
}

const COLUMNS = [...VERDICTS, 'none'] as const;

const isRight = ({ exhibit, action }: Outcome): boolean =>
  (exhibit.expected === 'withheld') === (action === 'block' || action === 'quarantine');

export function verdictTable(outcomes: readonly Outcome[]): string {
  const kinds = Map.groupBy(outcomes, ({ exhibit }) => exhibit.kind);
  const rows = [...kinds].map(([kind, of]) => [
    kind,
    of[0]?.exhibit.expected ?? '',
    String(of.length),
    ...COLUMNS.map((column) => count(of, ({ verdict }) => (verdict ?? 'none') === column)),
    `${of.filter(isRight).length}/${of.length}`,
  ]);
  const head = ['kind', 'expected', 'URLs', ...COLUMNS, 'right'];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ');
  const lies = outcomes.filter(({ exhibit }) => exhibit.expected === 'withheld');
  const honest = outcomes.filter(({ exhibit }) => exhibit.expected === 'pass');
  return [
    line(head),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...rows.map(line),
    '',
    ...outcomes
      .filter((one) => !isRight(one))
      .map(
        ({ exhibit, verdict }) =>
          `not as expected: ${exhibit.kind} ${exhibit.host}${exhibit.path} ${verdict ?? 'none'}`,
      ),
    `Lies withheld: ${lies.filter(isRight).length} of ${lies.length}. Honest answers withheld: ${honest.filter((one) => !isRight(one)).length} of ${honest.length}.`,
  ].join('\n');
}

const count = (outcomes: readonly Outcome[], is: (outcome: Outcome) => boolean): string => {
  const found = outcomes.filter(is).length;
  return found === 0 ? '.' : String(found);
};
