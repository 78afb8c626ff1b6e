/** The filter list as JSON Lines, CSV or Parquet, encoded while it is read. */
import type { Verdict } from '../../domain/verdict.ts';
import { encodeParquet } from './parquet.ts';
import { COLUMNS, type Row, rowOf } from './rows.ts';

export const EXPORT_FORMATS = ['jsonl', 'csv', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  jsonl: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
};

/** Rows that travel as one chunk. */
const CHUNK_ROWS = 256;

export function encodeExport(
  format: ExportFormat,
  verdicts: AsyncIterable<Verdict>,
): AsyncIterable<Uint8Array> {
  switch (format) {
    case 'jsonl':
      return encodeLines('', verdicts, (row) => `${JSON.stringify(row)}\n`);
    case 'csv':
      return encodeLines(csvLine(COLUMNS.map(({ name }) => name)), verdicts, (row) =>
        csvLine(COLUMNS.map(({ name }) => row[name])),
      );
    case 'parquet':
      return encodeParquet(rowsOf(verdicts));
    default:
      return format satisfies never;
  }
}

async function* rowsOf(verdicts: AsyncIterable<Verdict>): AsyncIterable<Row> {
  for await (const verdict of verdicts) yield rowOf(verdict);
}

async function* encodeLines(
  head: string,
  verdicts: AsyncIterable<Verdict>,
  line: (row: Row) => string,
): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  let waiting = head;
  let count = 0;
  for await (const row of rowsOf(verdicts)) {
    waiting += line(row);
    count += 1;
    if (count % CHUNK_ROWS !== 0) continue;
    yield encoder.encode(waiting);
    waiting = '';
  }
  if (waiting !== '') yield encoder.encode(waiting);
}

/** RFC 4180: CRLF, quotes doubled. Null is an empty field, an empty string a quoted one. */
const csvLine = (values: ReadonlyArray<string | number | null>): string =>
  `${values.map(csvField).join(',')}\r\n`;

const csvField = (value: string | number | null): string => {
  if (value === null) return '';
  const text = String(value);
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
