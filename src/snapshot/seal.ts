/** Turn the rows of a spool into sorted segments. */
import { copyFile, type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hex } from '../domain/index.ts';
import { DIGEST_BYTES } from './digest.ts';
import { KEY_BYTES } from './key.ts';
import { type Layout, payloadWidth, TEXT_BYTES } from './layout.ts';
import { SEGMENTS, type SegmentEntry } from './manifest.ts';
import { PlaceholderCount } from './placeholders.ts';
import { bucketBitsFor, geometry, MARK, place } from './segment.ts';
import { sortedOrder } from './sort.ts';
import { PARTITIONS, type Run, readPartition, type SpoolState } from './spool.ts';
import { TEXT_DATA, TEXT_SIZES } from './texts.ts';

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
    const source = await open(join(options.spool, `${number}.rows`));
    try {
      const written = await writeSegment(source, runs, layout, join(segments, file), options, (share) =>
        options.onProgress((done + share * length) / total),
      );
      entries.push({
        file,
        texts: layout.text ? texts : null,
        importId: options.importId,
        layout,
        ...written,
      });
    } finally {
      await source.close();
    }
    done += length;
  }
  return entries;
}

async function writeSegment(
  source: FileHandle,
  runs: readonly Run[],
  layout: Layout,
  path: string,
  options: SealOptions,
  onShare: (share: number) => void,
): Promise<{ rows: number; placeholders: Hex[] }> {
  const sourceWidth = KEY_BYTES + payloadWidth(layout);
  const most = runs.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0);
  const bucketBits = bucketBitsFor(most);
  const { impliedBytes, width } = geometry(bucketBits, layout);
  const starts = new Uint32Array(2 ** bucketBits + 1);
  const prints: Buffer[] = [];
  const digestBytes = layout.digests[0] === undefined ? 0 : DIGEST_BYTES[layout.digests[0].alg];
  const placeholders = new PlaceholderCount(digestBytes);
  const file = await open(`${path}.next`, 'w');
  let rows = 0;
  try {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      options.signal.throwIfAborted();
      const spooled = await readPartition(source, runs, partition, sourceWidth);
      const order = sortedOrder(spooled, sourceWidth, layout.text ? TEXT_BYTES : 0);
      const sorted = Buffer.allocUnsafe(order.length * width);
      const partitionPrints = Buffer.allocUnsafe(order.length);
      let at = 0;
      for (const [position, row] of order.entries()) {
        const offset = row * sourceWidth;
        const { bucket, print } = place(spooled, offset, bucketBits);
        partitionPrints[position] = print;
        starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1;
        at += spooled.copy(sorted, at, offset + impliedBytes, offset + sourceWidth);
        placeholders.count(spooled, offset);
      }
      prints.push(partitionPrints);
      rows += order.length;
      await file.writeFile(sorted);
      onShare(partition / PARTITIONS);
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
