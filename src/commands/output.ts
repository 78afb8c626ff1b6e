/** Where a command writes its rows: a file that appears whole or not at all, or standard output. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** `out` undefined: standard output, which stays open. */
export async function writeOutput(rows: Readable, out: string | undefined): Promise<void> {
  if (out === undefined) return pipeline(rows, process.stdout, { end: false });
  const partial = `${out}.partial`;
  try {
    await pipeline(rows, createWriteStream(partial));
    await rename(partial, out);
  } finally {
    await rm(partial, { force: true });
  }
}
