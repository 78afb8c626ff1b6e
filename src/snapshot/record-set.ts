/** Write a set of records for the tools that download and filter datasets. */

import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { SnapshotRecord } from '../domain/index.ts';

/** `parquet`: url, caption, sha256, as `img2dataset --verify_hash '["sha256","sha256"]'` takes it. */
export const RECORD_SET_FORMATS = ['parquet', 'jsonl', 'csv', 'cdxj'] as const;
export type RecordSetFormat = (typeof RECORD_SET_FORMATS)[number];

/** A record of what was let through. */
export interface KeptRecord extends SnapshotRecord {
  readonly mediaType?: string;
}

const GROUP_ROWS = 100_000;

/**
 * Write all records to `path`; those without a SHA-256 are left out of Parquet and CSV, those without a date out of CDXJ. The
 * lines of CDXJ are sorted in memory, as indexes are searched by bisection. Returns how many were written.
 */
export async function writeRecordSet(
  records: AsyncIterable<KeptRecord> | Iterable<KeptRecord>,
  path: string,
  format: RecordSetFormat,
): Promise<number> {
  switch (format) {
    case 'parquet':
      return writeParquet(records, path);
    case 'csv':
      return writeLines(linesOf(records, csvLine), path, 'url,caption,sha256');
    case 'jsonl':
      return writeLines(linesOf(records, jsonLine), path);
    case 'cdxj': {
      const lines: string[] = [];
      for await (const line of linesOf(records, cdxjLine)) lines.push(line);
      return writeLines(lines.sort(), path);
    }
    default:
      return format satisfies never;
  }
}

const sha256Of = ({ digests }: SnapshotRecord): string | undefined =>
  digests.find(({ alg, scope }) => alg === 'sha256' && scope !== 'image' && scope !== 'text')?.value;

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Undefined: the format has no place for such a record. */
type Line = (record: KeptRecord) => string | undefined;

const jsonLine: Line = ({ mediaType: _, ...record }) => JSON.stringify(record);

const csvLine: Line = (record) => {
  const sha256 = sha256Of(record);
  return sha256 === undefined ? undefined : [record.url, record.label ?? '', sha256].map(quoted).join(',');
};

/** @see https://specs.webrecorder.net/cdxj/0.1.0/ */
const cdxjLine: Line = ({ url, date, httpStatus, digests, mediaType }) => {
  const [digest] = digests;
  if (date === null || digest === undefined) return undefined;
  const fields = {
    url,
    ...(mediaType === undefined ? {} : { mime: mediaType }),
    ...(httpStatus === null ? {} : { status: String(httpStatus) }),
    digest: `${digest.alg}:${digest.value}`,
  };
  return `${sortKey(url)} ${date.replace(/\D/g, '').slice(0, 14)} ${JSON.stringify(fields)}`;
};

async function* linesOf(
  records: AsyncIterable<KeptRecord> | Iterable<KeptRecord>,
  line: Line,
): AsyncIterable<string> {
  for await (const record of records) {
    const text = line(record);
    if (text !== undefined) yield text;
  }
}

/** The SURT of a URL, as pywb and its kin look it up: a hint for sorting, and never an identity. */
function sortKey(url: string): string {
  const { hostname, port, pathname, search } = new URL(url);
  const name = hostname.replace(/^www\d*\./, '');
  const turned = name.split('.').reverse().join(',');
  const query = search === '' ? '' : `?${search.slice(1).split('&').sort().join('&')}`;
  return `${turned}${port === '' ? '' : `:${port}`})${pathname}${query}`.toLowerCase();
}

async function writeLines(
  lines: AsyncIterable<string> | Iterable<string>,
  path: string,
  head?: string,
): Promise<number> {
  let written = 0;
  const text = async function* (): AsyncIterable<string> {
    if (head !== undefined) yield `${head}\n`;
    for await (const line of lines) {
      written++;
      yield `${line}\n`;
    }
  };
  await pipeline(Readable.from(text()), createWriteStream(path));
  return written;
}

async function writeParquet(
  records: AsyncIterable<KeptRecord> | Iterable<KeptRecord>,
  path: string,
): Promise<number> {
  const column = (name: string): ColumnSource & { data: Array<string | null> } => ({
    name,
    data: [],
    type: 'STRING',
  });
  const empty = [column('url'), column('caption'), column('sha256')];
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: schemaFromColumnData({ columnData: empty }),
  });
  let written = 0;
  let group = [column('url'), column('caption'), column('sha256')] as const;
  const flush = async (): Promise<void> => {
    if (group[0].data.length > 0) await writer.write({ columnData: [...group], rowGroupSize: GROUP_ROWS });
    group = [column('url'), column('caption'), column('sha256')];
  };
  for await (const record of records) {
    const sha256 = sha256Of(record);
    if (sha256 === undefined) continue;
    group[0].data.push(record.url);
    group[1].data.push(record.label);
    group[2].data.push(sha256);
    written++;
    if (group[0].data.length === GROUP_ROWS) await flush();
  }
  await flush();
  await writer.finish();
  return written;
}
