/** Tables for terminals. */

export const print = (line = ''): void => {
  process.stdout.write(`${line}\n`);
};

export const percent = (part: number, of: number): string =>
  of === 0 ? '-' : `${((100 * part) / of).toFixed(part === of || part === 0 ? 0 : 1)} %`;

export const mean = (sum: number, of: number): string => (of === 0 ? '-' : (sum / of).toFixed(2));

/** Rows of cells: the first row is the head, the first column stands left. */
export function table(rows: ReadonlyArray<readonly string[]>): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const cellOf = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  for (const row of rows) print(row.map(cellOf).join('  ').trimEnd());
}

/** Longest list of rows gone wrong that a terminal is given; `--out` has all. */
const MOST_LINES = 60;

export function printLines(title: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  print(`\n${title} (${lines.length}):`);
  for (const line of lines.slice(0, MOST_LINES)) print(`  ${line}`);
}
