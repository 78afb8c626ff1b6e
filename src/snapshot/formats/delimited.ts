/** CSV (RFC 4180, with header) and TSV (one row a line, nothing quoted, header or not). */
import { parse } from 'csv-parse';
import { shown } from '../digest.ts';
import { type Columns, findColumns, guessColumns } from './columns.ts';
import { BATCH, type Batch, type Item, type ReadOptions } from './format.ts';
import { LONGEST_LINE, openContent, readLines } from './lines.ts';
import { recordOf } from './table.ts';

interface Table {
  readonly header: readonly string[];
  readonly columns: Columns;
  /** Number of the row that is the header; undefined without one. */
  readonly headerRow: number | undefined;
}

interface NumberedRow {
  readonly row: number;
  readonly cells: readonly string[];
}

interface CsvRow {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** Rows that decide where a table has no header. */
const SAMPLE = 64;

export async function* readCsv(path: string, options: ReadOptions): AsyncGenerator<Batch> {
  let refused: Item[] = [];
  // The parser runs ahead: a refusal waits until the rows before it are handed over, so that a checkpoint never lies between them.
  const upTo = (last: number): Item[] => {
    const [due, later] = [refused.filter(({ row }) => row <= last), refused.filter(({ row }) => row > last)];
    refused = later;
    return due;
  };
  const { stream, position } = await openContent(path, options.signal);
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: LONGEST_LINE,
    on_skip: (problem) => {
      refused.push({
        row: Number(problem?.['lines'] ?? 0),
        expected: 'a row of CSV (RFC 4180)',
        got: shown(problem?.message),
      });
      return undefined;
    },
  });
  stream.on('error', (cause) => parser.destroy(cause));
  parser.on('close', () => stream.destroy());
  stream.pipe(parser);
  let table: Table | undefined;
  let rows: NumberedRow[] = [];
  for await (const { record, info } of parser as AsyncIterable<CsvRow>) {
    rows.push({ row: info.lines, cells: record });
    if (rows.length < BATCH) continue;
    table ??= tableOf(rows, options, path);
    yield { items: [...upTo(info.lines), ...itemsOf(table, rows, options)], position: position() };
    rows = [];
  }
  if (rows.length > 0) refused.push(...itemsOf(table ?? tableOf(rows, options, path), rows, options));
  yield { items: refused.toSorted((a, b) => a.row - b.row), position: position() };
}

export async function* readTsv(path: string, options: ReadOptions): AsyncGenerator<Batch> {
  let table: Table | undefined;
  for await (const { lines, first, position } of readLines(path, options.signal)) {
    const rows = lines.flatMap((line, at) => {
      // FaceScrub and PubFig open with comments, and the last of them is the header.
      const text = table === undefined ? line.replace(/^#\s*/, '') : line;
      return text === '' || (table === undefined && !text.includes('\t'))
        ? []
        : [{ row: first + at, cells: text.split('\t').map(unquoted) }];
    });
    if (rows.length === 0) continue;
    table ??= tableOf(rows, options, path);
    yield { items: itemsOf(table, rows, options), position };
  }
}

/** A plain list: a URL a line, as img2dataset takes it. */
export async function* readUrlList(path: string, options: ReadOptions): AsyncGenerator<Batch> {
  const columns: Columns = { url: 'url', digests: [], perceptual: [], lists: {} };
  for await (const { lines, first, position } of readLines(path, options.signal)) {
    const items = lines.flatMap((line, at) => {
      const text = line.trim();
      return text === '' || text.startsWith('#') ? [] : [recordOf(first + at, () => text, columns, options)];
    });
    yield { items: items.filter(({ row }) => row > options.after), position };
  }
}

const unquoted = (cell: string): string =>
  cell.length > 1 && cell.startsWith('"') && cell.endsWith('"')
    ? cell.slice(1, -1).replaceAll('""', '"')
    : cell;

/** A header is a first row that names a URL column, or that holds none where the rows below do. */
function tableOf(rows: readonly NumberedRow[], options: ReadOptions, path: string): Table {
  const header = rows[0]?.cells.map((name) => name.trim()) ?? [];
  const headless =
    header.some((cell) => /^https?:\/\//i.test(cell)) && Object.keys(options.columns).length === 0;
  if (!headless) return { header, columns: findColumns(header, options, path), headerRow: rows[0]?.row };
  const guessed = guessColumns(rows.slice(0, SAMPLE).map(({ cells }) => cells));
  if (guessed === undefined)
    return { header, columns: findColumns(header, options, path), headerRow: rows[0]?.row };
  return { ...guessed, headerRow: undefined };
}

function itemsOf(table: Table, rows: readonly NumberedRow[], options: ReadOptions): Item[] {
  const at = new Map(table.header.map((column, index) => [column, index]));
  return rows
    .filter(({ row }) => row > options.after && row !== table.headerRow)
    .map(({ row, cells }) => recordOf(row, (column) => cells[at.get(column) ?? -1], table.columns, options));
}
