/** The partitions of a segment: rows that share the first octet of their key, sorted, and what the directory says of them. */
import { open } from 'node:fs/promises';
import { KEY_BYTES } from './key.ts';
import { type Layout, payloadWidth, TEXT_BYTES } from './layout.ts';
import type { PlaceholderCount } from './placeholders.ts';
import { gather, sameStart } from './rows.ts';
import { geometry, placeOf } from './segment.ts';
import { sortRows } from './sort.ts';
import { PARTITIONS, type Run, readPartition } from './spool.ts';

/** Part of the work for one segment. */
export interface ArrangeTask {
  /** Path of the rows that were spooled. */
  readonly source: string;
  readonly runs: readonly Run[];
  readonly layout: Layout;
  readonly bucketBits: number;
  /** Which partitions: `first`, and each `stride` after it. */
  readonly share: { readonly first: number; readonly stride: number };
}

export interface Arranged {
  /** As they stand in the segment. */
  readonly rows: Uint8Array;
  /** One octet for each row. */
  readonly prints: Uint8Array;
  readonly firstBucket: number;
  /** Rows in each bucket from there on. */
  readonly counts: Uint32Array;
}

/** The partitions of a task, in order. */
export async function* arrangePartitions(
  { source, runs, layout, bucketBits, share }: ArrangeTask,
  placeholders: PlaceholderCount,
): AsyncGenerator<Arranged> {
  const file = await open(source);
  try {
    for (let partition = share.first; partition < PARTITIONS; partition += share.stride) {
      const spooled = await readPartition(file, runs, partition, KEY_BYTES + payloadWidth(layout));
      yield arrange(spooled, partition, layout, bucketBits, placeholders);
    }
  } finally {
    await file.close();
  }
}

/** Arrange the rows of a spool that belong to `partition`; counts their digests too, once for each key. */
function arrange(
  spooled: Buffer,
  partition: number,
  layout: Layout,
  bucketBits: number,
  placeholders: PlaceholderCount,
): Arranged {
  const spoolWidth = KEY_BYTES + payloadWidth(layout);
  const { impliedBytes, width } = geometry(bucketBits, layout);
  const { order, leads } = sortRows(spooled, spoolWidth, layout.text ? TEXT_BYTES : 0);
  const rows = new Uint8Array(order.length * width);
  gather(spooled, spoolWidth, impliedBytes, order, rows);
  const prints = new Uint8Array(order.length);
  const firstBucket = Math.floor((partition * 2 ** bucketBits) / PARTITIONS);
  const counts = new Uint32Array(Math.max(1, 2 ** bucketBits / PARTITIONS));
  for (let place = 0; place < order.length; place++) {
    const lead = leads[place] ?? 0;
    const { bucket, print } = placeOf(partition, lead, bucketBits);
    prints[place] = print;
    counts[bucket - firstBucket] = (counts[bucket - firstBucket] ?? 0) + 1;
    const row = (order[place] ?? 0) * spoolWidth;
    const sameKey =
      place > 0 &&
      leads[place - 1] === lead &&
      sameStart(spooled, (order[place - 1] ?? 0) * spoolWidth, row, KEY_BYTES);
    if (!sameKey) placeholders.count(spooled, row + KEY_BYTES);
  }
  return { rows, prints, firstBucket, counts };
}
