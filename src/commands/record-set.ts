/** `foretaste snapshot export`: what was let through as a new set of records, for the tools that download and filter datasets. */
import { rename, rm, writeFile } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { openStore } from '../core.ts';
import { ForetasteError, type SnapshotIndex, type Verdict, type VerdictStore } from '../domain/index.ts';
import { dataPaths } from '../paths.ts';
import { type KeptRecord, type RecordSetFormat, writeRecordSet } from '../snapshot/record-set.ts';
import { openIndex } from '../snapshot/store.ts';
import { readUids, uidArray } from '../snapshot/uids.ts';
import { verdictsOf } from './export.ts';
import { sinceOf } from './since.ts';

export interface RecordSetOptions {
  readonly format: RecordSetFormat | 'npy';
  readonly out: string;
  /** What the records are called. */
  readonly dataset: string;
  readonly since?: string;
  /** Verdict names, comma separated; all that pass when absent. */
  readonly verdict?: string;
  /** Metadata files of DataComp, for `npy`: which uid stands beside which URL. */
  readonly uids?: readonly string[];
}

/** URLs that are looked up together. */
const BATCH = 500;

/** Prints how many records were written. The file appears whole or not at all. */
export async function exportRecordSet(
  config: Config,
  options: RecordSetOptions,
  print: (line: string) => void,
): Promise<void> {
  const { format, out, uids = [] } = options;
  if ((format === 'npy') !== uids.length > 0)
    throw new ForetasteError(
      'usage',
      format === 'npy'
        ? 'Expected --uids with the metadata files that say which uid stands beside which URL but received none.'
        : `Expected --uids only with --format npy but received it with ${format}.`,
    );
  const store = await openStore(config);
  const index = await openIndex(dataPaths(config).snapshots);
  const partial = `${out}.partial`;
  try {
    const written =
      format === 'npy'
        ? await writeUids(uids, partial, store.verdicts, options)
        : await writeRecordSet(passing(store.verdicts, index, options), partial, format);
    await rename(partial, out);
    print(`exported ${written} ${format === 'npy' ? 'uids' : 'records'}`);
  } finally {
    await rm(partial, { force: true });
    await index.close();
    await store.close();
  }
}

/**
 * Whether a URL may be used: its newest verdict passes, reviews and revocations applied, and there is content that was seen whole.
 */
const passes = (verdict: Verdict | undefined, wanted: RegExp): verdict is Verdict =>
  verdict !== undefined &&
  verdict.action === 'pass' &&
  wanted.test(verdict.verdict) &&
  verdict.status !== null &&
  verdict.status >= 200 &&
  verdict.status < 300 &&
  verdict.status !== 206 &&
  verdict.digest.sha256 !== '';

const wantedOf = (list: string | undefined): RegExp =>
  new RegExp(`^(?:${(verdictsOf(list).verdict ?? ['.*']).join('|')})$`);

/** A record for each URL whose newest verdict passes, with the caption that was recorded for it. */
async function* passing(
  verdicts: VerdictStore,
  index: SnapshotIndex,
  { dataset, since, verdict }: RecordSetOptions,
): AsyncIterable<KeptRecord> {
  const wanted = wantedOf(verdict);
  for await (const rows of batches(verdicts.export(sinceOf(since)))) {
    const newest = await verdicts.lookup(rows.map(({ url }) => url));
    for (const [at, row] of rows.entries()) {
      // Of several contents of one URL only the last word counts, even where an earlier one passed.
      if (newest[at]?.id !== row.id || !passes(row, wanted)) continue;
      yield {
        url: row.url,
        date: row.fetchedAt,
        dataset,
        httpStatus: row.status,
        digests: [
          { alg: 'sha256', value: row.digest.sha256, scope: 'entity' },
          ...(row.digest.md5 === ''
            ? []
            : [{ alg: 'md5' as const, value: row.digest.md5, scope: 'entity' as const }]),
        ],
        perceptual: [],
        label: await captionOf(row, index),
        note: null,
        mediaType: row.mediaType,
      };
    }
  }
}

/** The caption of the dataset that the verdict was matched with; of any other where that has none. */
async function captionOf({ url, snapshot }: Verdict, index: SnapshotIndex): Promise<string | null> {
  const labelled = (await index.find(url)).filter(({ label }) => label !== null);
  return (labelled.find(({ dataset }) => dataset === snapshot.dataset) ?? labelled[0])?.label ?? null;
}

async function writeUids(
  files: readonly string[],
  path: string,
  verdicts: VerdictStore,
  { verdict }: RecordSetOptions,
): Promise<number> {
  const wanted = wantedOf(verdict);
  const kept: string[] = [];
  for (const file of files) {
    for await (const rows of batches(readUids(file))) {
      const newest = await verdicts.lookup(rows.map(({ url }) => url));
      for (const [at, { uid }] of rows.entries()) if (passes(newest[at], wanted)) kept.push(uid);
    }
  }
  await writeFile(path, uidArray(kept));
  return kept.length;
}

async function* batches<T>(items: AsyncIterable<T>): AsyncIterable<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
