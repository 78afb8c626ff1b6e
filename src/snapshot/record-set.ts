/** Write a set of records for the tools that download and filter datasets. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type ColumnSource, fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { ForetasteError, type SnapshotRecord } from '../domain/index.ts';

/** `parquet`: url, caption, sha256, as `img2dataset --verify_hash '["sha256","sha256"]'` takes it. */
export type RecordSetFormat = 'parquet' | 'jsonl' | 'csv' | 'cdxj';

const GROUP_ROWS = 100_000;

/** Write all records to `path`; those without a SHA-256 are left out of Parquet and CSV, those without a date out of CDXJ. Returns how many were written. */
export async function writeRecordSet(
  records: AsyncIterable<SnapshotRecord> | Iterable<SnapshotRecord>,
  path: string,
  format: RecordSetFormat,
): Promise<number> {
  return format === 'parquet'
    ? writeParquet(records, path)
    : writeLines(records, path, LINES[format], HEADS[format]);
}

const sha256Of = ({ digests }: SnapshotRecord): string | undefined =>
  digests.find(({ alg, scope }) => alg === 'sha256' && scope !== 'image' && scope !== 'text')?.value;

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const HEADS = { jsonl: '', csv: 'url,caption,sha256\n', cdxj: '' } as const;

/** Undefined: the format has no place for such a record. */
const LINES: Readonly<
  Record<Exclude<RecordSetFormat, 'parquet'>, (record: SnapshotRecord) => string | undefined>
> = {
  jsonl: (record) => JSON.stringify(record),
  csv: (record) => {
    const sha256 = sha256Of(record);
    return sha256 === undefined ? undefined : [record.url, record.label ?? '', sha256].map(quoted).join(',');
  },
  cdxj: ({ url, date, httpStatus, digests }) => {
    const [digest] = digests;
    if (date === null || digest === undefined) return undefined;
    const fields = {
      url,
      digest: `${digest.alg}:${digest.value}`,
      ...(httpStatus === null ? {} : { status: String(httpStatus) }),
    };
    return `${sortKey(url)} ${date.replace(/\D/g, '').slice(0, 14)} ${JSON.stringify(fields)}`;
  },
};

/** The SURT of a URL: a hint for sorting, as indexers write it, and never an identity. */
function sortKey(url: string): string {
  const { hostname, pathname, search } = new URL(url);
  return `${hostname
    .replace(/^www\d*\./, '')
    .split('.')
    .reverse()
    .join(',')})${pathname}${search}`.toLowerCase();
}

async function writeLines(
  records: AsyncIterable<SnapshotRecord> | Iterable<SnapshotRecord>,
  path: string,
  line: (record: SnapshotRecord) => string | undefined,
  head: string,
): Promise<number> {
  const out = createWriteStream(path);
  let written = 0;
  out.write(head);
  for await (const record of records) {
    const text = line(record);
    if (text === undefined) continue;
    written++;
    if (!out.write(`${text}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return written;
}

async function writeParquet(
  records: AsyncIterable<SnapshotRecord> | Iterable<SnapshotRecord>,
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

/**
 * DataComp's subset file: uids (32 hex digits) as sorted pairs of 64-bit numbers in a NumPy array file, version 1.0.
 * Throws ForetasteError `bad-request` for what is no uid. @see https://github.com/mlfoundations/datacomp#participating-in-datacomp
 */
export function uidArray(uids: readonly string[]): Buffer {
  const wrong = uids.find((uid) => !/^[0-9a-f]{32}$/.test(uid));
  if (wrong !== undefined)
    throw new ForetasteError('bad-request', `Expected uids of 32 hex digits but received "${wrong}".`);
  const description = `{'descr': [('f0', '<u8'), ('f1', '<u8')], 'fortran_order': False, 'shape': (${uids.length},), }`;
  // The header is padded so that the data begin at a multiple of 64 octets.
  const length = Math.ceil((10 + description.length + 1) / 64) * 64 - 10;
  const head = Buffer.alloc(10 + length, ' ');
  head.write('\u0093NUMPY\u0001\u0000', 0, 'latin1');
  head.writeUInt16LE(length, 8);
  head.write(description, 10, 'latin1');
  head[head.length - 1] = 0x0a;
  const data = Buffer.alloc(uids.length * 16);
  for (const [at, uid] of uids.toSorted().entries()) {
    data.writeBigUInt64LE(BigInt(`0x${uid.slice(0, 16)}`), at * 16);
    data.writeBigUInt64LE(BigInt(`0x${uid.slice(16)}`), at * 16 + 8);
  }
  return Buffer.concat([head, data]);
}
