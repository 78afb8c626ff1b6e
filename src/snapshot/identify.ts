/** Know a file again: what an import is called, so that it can be resumed, and replaced when it is run again. */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { type Bytes, ForetasteError, type Hex } from '../domain/index.ts';
import { readAt } from './read-at.ts';

/** Raised when importers read the same file differently than before. */
const READING = 1;
const SAMPLE_BYTES = 64 * 1024;

export interface ImportFile {
  readonly path: string;
  readonly dataset: string;
  readonly size: Bytes;
  /** Over size, beginning and end. */
  readonly fingerprint: Hex;
}

/** Throws ForetasteError `usage` for what is not a readable file. */
export async function describe(path: string, dataset: string | undefined): Promise<ImportFile> {
  try {
    const found = await stat(path);
    if (!found.isFile())
      throw new ForetasteError('usage', `Expected a file but ${path} is none.`, { where: path });
    return {
      path: resolve(path),
      dataset: dataset ?? datasetNameOf(resolve(path)),
      size: found.size,
      fingerprint: await fingerprint(path, found.size),
    };
  } catch (cause) {
    if (cause instanceof ForetasteError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new ForetasteError('usage', `Expected a readable file but received ${reason} for ${path}.`, {
      where: path,
      cause,
    });
  }
}

async function fingerprint(path: string, size: Bytes): Promise<Hex> {
  const file = await open(path);
  try {
    const length = Math.min(size, SAMPLE_BYTES);
    return createHash('sha256')
      .update(String(size))
      .update(await readAt(file, 0, length))
      .update(await readAt(file, size - length, length))
      .digest('hex');
  } finally {
    await file.close();
  }
}

/** The same files under the same names, read in the same way, are the same import. */
export function importIdOf(files: readonly ImportFile[], reading: Readonly<Record<string, unknown>>): string {
  const parts = files.map(({ path, dataset, fingerprint }) => [basename(path), dataset, fingerprint]);
  return createHash('sha256')
    .update(JSON.stringify([READING, parts, reading]))
    .digest('hex')
    .slice(0, 20);
}

/** Names of parts, as Spark, img2dataset, Hugging Face and Common Crawl give them. */
const PART = /^((part|data|train|test|validation|shard|chunk|cdx)[-_.]?)?\d+([-_.].*)?$|-of-\d+/i;

/** The name of a file without its endings; the name of the folder where the file is one part of many. */
export function datasetNameOf(path: string): string {
  const name = basename(path).replace(
    /(\.(gz|zst|parquet|csv|tsv|jsonl|ndjson|json|txt|cdxj?|warc|wacz|snappy|idx))+$/i,
    '',
  );
  return PART.test(name) ? basename(dirname(path)) || name : name || basename(path);
}
