/** Turn the rows of a spool into sorted segments. */
import { copyFile, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hex } from '../domain/index.ts';
import { arrangePartitions } from './arrange.ts';
import { arrangeInThreads } from './arrange-threads.ts';
import { DIGEST_BYTES } from './digest.ts';
import type { Layout } from './layout.ts';
import { SEGMENTS, type SegmentEntry } from './manifest.ts';
import { PlaceholderCount } from './placeholders.ts';
import { bucketBitsFor, MARK } from './segment.ts';
import { PARTITIONS, type Run, type SpoolState } from './spool.ts';
import { TEXT_DATA, TEXT_SIZES } from './texts.ts';

/** Rows from which threads of their own save more than their start costs. */
const LARGE = 2 ** 20;

interface SealOptions {
  readonly spool: string;
  readonly dir: string;
  readonly importId: string;
  /** Names the files; stays the same when an interrupted import goes on. */
  readonly run: string;
  readonly signal: AbortSignal;
  /** Told the share that is done. */
  onProgress(share: number): void;
}

/** Write the segments of an import. Nothing refers to them until the manifest does, so a run that was cut off is simply repeated. */
export async function seal(state: SpoolState, options: SealOptions): Promise<SegmentEntry[]> {
  const segments = join(options.dir, SEGMENTS);
  await mkdir(segments, { recursive: true });
  const texts = state.texts.blocks === 0 ? null : `${options.run}.texts`;
  if (texts !== null) {
    await copyFile(join(options.spool, TEXT_DATA), join(segments, texts));
    await copyFile(join(options.spool, TEXT_SIZES), join(segments, `${texts}.sizes`));
  }
  const entries: SegmentEntry[] = [];
  const total = state.layouts.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  for (const [number, { layout, runs, length }] of state.layouts.entries()) {
    if (length === 0) continue;
    const file = `${options.run}-${number}.seg`;
    const source = join(options.spool, `${number}.rows`);
    const written = await writeSegment(source, runs, layout, join(segments, file), options, (share) =>
      options.onProgress((done + share * length) / total),
    );
    entries.push({ file, texts: layout.text ? texts : null, importId: options.importId, layout, ...written });
    done += length;
  }
  return entries;
}

async function writeSegment(
  source: string,
  runs: readonly Run[],
  layout: Layout,
  path: string,
  options: SealOptions,
  onShare: (share: number) => void,
): Promise<{ rows: number; placeholders: Hex[] }> {
  const most = runs.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0);
  const bucketBits = bucketBitsFor(most);
  const starts = new Uint32Array(2 ** bucketBits + 1);
  const prints: Uint8Array[] = [];
  const digestBytes = layout.digests[0] === undefined ? 0 : DIGEST_BYTES[layout.digests[0].alg];
  const placeholders = new PlaceholderCount(digestBytes);
  const task = { source, runs, layout, bucketBits };
  const file = await open(`${path}.next`, 'w');
  let rows = 0;
  let partitions = 0;
  try {
    for await (const arranged of most < LARGE
      ? arrangePartitions({ ...task, share: { first: 0, stride: 1 } }, placeholders)
      : arrangeInThreads(task, placeholders)) {
      options.signal.throwIfAborted();
      for (const [at, count] of arranged.counts.entries()) {
        const next = arranged.firstBucket + at + 1;
        starts[next] = (starts[next] ?? 0) + count;
      }
      prints.push(arranged.prints);
      rows += arranged.prints.length;
      await file.writeFile(arranged.rows);
      onShare(++partitions / PARTITIONS);
    }
    for (let bucket = 1; bucket < starts.length; bucket++)
      starts[bucket] = (starts[bucket] ?? 0) + (starts[bucket - 1] ?? 0);
    for (const chunk of prints) await file.writeFile(chunk);
    await file.writeFile(Buffer.from(starts.buffer));
    const footer = Buffer.from(JSON.stringify({ rows, bucketBits, layout }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    await file.writeFile(Buffer.concat([footer, length, Buffer.from(MARK, 'latin1')]));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.next`, path);
  return { rows, placeholders: placeholders.found(rows) };
}
