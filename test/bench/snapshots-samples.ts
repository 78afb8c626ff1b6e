/** Every sample file of a folder is read, and its digests are held against the bytes that lie beside it. */
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RecordedDigest, SnapshotRecord } from '../../src/domain/index.ts';
import { isEmptyDigest } from '../../src/snapshot/digest.ts';
import { detectFormat } from '../../src/snapshot/formats/detect.ts';
import { type Batch, type FormatName, isRead } from '../../src/snapshot/formats/format.ts';
import { READERS } from '../../src/snapshot/formats/readers.ts';
import { KEY_BYTES } from '../../src/snapshot/key.ts';
import { payloadWidth, readPayload } from '../../src/snapshot/layout.ts';

export const about =
  'sample files: format, records, refused rows, and digests that the bytes of the samples confirm: [--samples DIR]';

const FIXTURES = join(import.meta.dirname, '..', 'snapshot', 'fixtures');
const PICTURE = /\.(png|jpe?g|webp)$/;
const NO_SAMPLE = new Set(['MANIFEST.tsv', 'SOURCES.md']);
const ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha512'] as const;

type Found = Omit<SnapshotRecord, 'url'>;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { samples: { type: 'string', default: FIXTURES } },
  });
  const files = readdirSync(values.samples)
    .sort()
    .map((name) => join(values.samples, name));
  const known = new Set(
    files.filter((file) => PICTURE.test(file)).flatMap((file) => digestsOf(readFileSync(file))),
  );
  print(['file', 'format', 'records', 'refused', 'digests', 'confirmed', 'no bytes', 'noted']);
  for (const file of files.filter((each) => !PICTURE.test(each) && !NO_SAMPLE.has(basename(each))))
    await showFile(file, known);
}

const digestsOf = (bytes: Uint8Array): string[] => ALGORITHMS.map((alg) => `${alg}:${hash(alg, bytes)}`);

async function showFile(file: string, known: ReadonlySet<string>): Promise<void> {
  const signal = new AbortController().signal;
  const format = await detectFormat(file, signal);
  const found: Found[] = [];
  const refused: string[] = [];
  const options = { dataset: 'sample', columns: {}, labels: false, texts: false, after: 0, signal };
  for await (const batch of READERS[format](file, { ...options, onSuspicion: () => undefined })) {
    found.push(...recordsOf(batch));
    for (const item of batch.items)
      if (!isRead(item)) refused.push(`row ${item.row}: expected ${item.expected}, got ${item.got}`);
  }
  const digests = found.flatMap((record) =>
    record.digests.map((digest) => ({ digest, note: record.note, format })),
  );
  const confirmed = digests.filter((each) => isConfirmed(each, known)).length;
  const noted = digests.filter(({ note }) => note !== null).length;
  print([
    basename(file),
    format,
    found.length,
    refused.length,
    digests.length,
    confirmed,
    digests.length - confirmed - noted,
    noted,
  ]);
  for (const line of refused) process.stdout.write(`    ${line}\n`);
}

/** An archive holds the bytes itself: what does not agree with them carries a note. Of a table they must lie beside it. */
const isConfirmed = (
  { digest, note, format }: { digest: RecordedDigest; note: string | null; format: FormatName },
  known: ReadonlySet<string>,
): boolean =>
  note === null &&
  (format === 'warc' ||
    format === 'wacz' ||
    isEmptyDigest(digest.value) ||
    known.has(`${digest.alg}:${digest.value}`));

function recordsOf({ items, packed }: Batch): Found[] {
  const read = items.flatMap((item) => (isRead(item) ? [item.record] : []));
  if (packed === undefined) return read;
  const width = KEY_BYTES + payloadWidth(packed.layout);
  return [
    ...read,
    ...Array.from(
      packed.numbers,
      (_, row) => readPayload(packed.layout, packed.rows, row * width + KEY_BYTES).record,
    ),
  ];
}

const WIDTHS = [44, 8, 8, 8, 8, 10, 9, 6];

const print = (cells: ReadonlyArray<string | number>): void => {
  const line = cells.map((cell, at) =>
    at < 2 ? String(cell).padEnd(WIDTHS[at] ?? 0) : String(cell).padStart(WIDTHS[at] ?? 0),
  );
  process.stdout.write(`${line.join(' ')}\n`);
};
