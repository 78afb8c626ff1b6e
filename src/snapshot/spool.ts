/** Where rows gather during an import: one append-only file a layout, in runs ordered by the first octet of the key. */
import { type FileHandle, mkdir, open, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes, SnapshotRecord } from '../domain/index.ts';
import { KEY_BYTES, writeKey } from './key.ts';
import { type Layout, layoutKey, layoutOf, payloadWidth, TEXT_BYTES, writePayload } from './layout.ts';
import type { PackedRows } from './pack.ts';
import { readInto } from './read-at.ts';
import { gather } from './rows.ts';
import { openTextSpool, type TextSpool } from './texts.ts';

/** Rows held in memory before they are written. Bounds the memory of an import whatever its size. */
const HELD: Bytes = 64 * 2 ** 20;
export const PARTITIONS = 256;
/** Shapes of records one import may mix. A file with more is not a data set but noise. */
export const MOST_LAYOUTS = 256;

/** Rows of one flush: where they start in the file, and how many each partition has. */
export interface Run {
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface SpoolState {
  readonly layouts: ReadonlyArray<{
    readonly layout: Layout;
    readonly length: number;
    readonly runs: readonly Run[];
  }>;
  readonly texts: { readonly length: number; readonly blocks: number };
}

interface Heap {
  readonly layout: Layout;
  readonly width: number;
  readonly path: string;
  held: Buffer;
  rows: number;
  length: number;
  runs: Run[];
  file: FileHandle | undefined;
}

export const EMPTY_SPOOL: SpoolState = { layouts: [], texts: { length: 0, blocks: 0 } };

/** Append-only until `flush`, whose state survives the process. What was written after the last flush is cut off on opening. */
export class Spool {
  readonly #dir: string;
  readonly #heaps = new Map<string, Heap>();
  readonly #texts: TextSpool;
  readonly #keepText: boolean;
  readonly #most: Bytes;
  #heldBytes = 0;

  private constructor(dir: string, texts: TextSpool, keepText: boolean, most: Bytes) {
    this.#dir = dir;
    this.#texts = texts;
    this.#keepText = keepText;
    this.#most = most;
  }

  static async open(dir: string, state: SpoolState, keepText: boolean, held: Bytes = HELD): Promise<Spool> {
    await mkdir(dir, { recursive: true });
    const spool = new Spool(dir, await openTextSpool(dir, state.texts), keepText, held);
    for (const { layout, length, runs } of state.layouts) {
      const heap = spool.#heapFor(layout);
      await truncate(heap.path, length);
      heap.length = length;
      heap.runs = [...runs];
    }
    return spool;
  }

  get full(): boolean {
    return this.#heldBytes + this.#texts.heldBytes > this.#most;
  }

  /** False: the record is of one shape too many. `canonical` is the URL in the form that is hashed. */
  add(canonical: string, record: SnapshotRecord): boolean {
    const layout = layoutOf(record, this.#keepText);
    const known = this.#heaps.get(layoutKey(layout));
    if (known === undefined && this.#heaps.size >= MOST_LAYOUTS) return false;
    const heap = known ?? this.#heapFor(layout);
    const offset = this.#room(heap, 1);
    writeKey(canonical, heap.held, offset);
    const free = layout.note === null ? record.note : null;
    const text = layout.text ? this.#texts.add(record.label, free) : 0;
    writePayload(record, layout, text, heap.held, offset + KEY_BYTES);
    return true;
  }

  /** Rows that are packed already; false as in `add`. */
  addPacked({ layout, rows, labels }: PackedRows): boolean {
    const known = this.#heaps.get(layoutKey(layout));
    if (known === undefined && this.#heaps.size >= MOST_LAYOUTS) return false;
    const heap = known ?? this.#heapFor(layout);
    if (labels !== undefined) {
      const text = heap.width - TEXT_BYTES;
      for (const [at, label] of labels.entries())
        rows.writeUInt32BE(this.#texts.add(label, null), at * heap.width + text);
    }
    const offset = this.#room(heap, rows.length / heap.width);
    rows.copy(heap.held, offset);
    return true;
  }

  #heapFor(layout: Layout): Heap {
    const path = join(this.#dir, `${this.#heaps.size}.rows`);
    const width = KEY_BYTES + payloadWidth(layout);
    const heap: Heap = {
      layout,
      width,
      path,
      held: Buffer.alloc(0),
      rows: 0,
      length: 0,
      runs: [],
      file: undefined,
    };
    this.#heaps.set(layoutKey(layout), heap);
    return heap;
  }

  /** Offset of so many new rows, the buffer grown where it is full. */
  #room(heap: Heap, rows: number): number {
    const offset = heap.rows * heap.width;
    const needed = offset + rows * heap.width;
    if (needed > heap.held.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, heap.width * 256, heap.held.length * 2));
      heap.held.copy(grown, 0, 0, offset);
      heap.held = grown;
    }
    heap.rows += rows;
    this.#heldBytes += rows * heap.width;
    return offset;
  }

  /** Write all that is held, durably; what it returns brings `open` back to this point. */
  async flush(): Promise<SpoolState> {
    for (const heap of this.#heaps.values()) if (heap.rows > 0) await flushHeap(heap);
    this.#heldBytes = 0;
    const texts = await this.#texts.flush();
    return {
      layouts: [...this.#heaps.values()].map(({ layout, length, runs }) => ({ layout, length, runs })),
      texts,
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#heaps.values()].map(({ file }) => file?.close()));
    await this.#texts.close();
  }
}

async function flushHeap(heap: Heap): Promise<void> {
  const { ordered, counts } = partition(heap.held, heap.rows, heap.width);
  heap.file ??= await open(heap.path, heap.length === 0 ? 'w' : 'r+');
  await heap.file.write(ordered, 0, ordered.length, heap.length);
  await heap.file.datasync();
  heap.runs.push({ offset: heap.length, counts });
  heap.length += ordered.length;
  heap.rows = 0;
}

/** A counting sort by the first octet of the key. */
function partition(rows: Buffer, count: number, width: number): { ordered: Buffer; counts: number[] } {
  const counts = new Array<number>(PARTITIONS).fill(0);
  for (let row = 0; row < count; row++) {
    const first = rows[row * width] ?? 0;
    counts[first] = (counts[first] ?? 0) + 1;
  }
  const next = new Uint32Array(PARTITIONS);
  for (let at = 1; at < PARTITIONS; at++) next[at] = (next[at - 1] ?? 0) + (counts[at - 1] ?? 0);
  const order = new Uint32Array(count);
  for (let row = 0; row < count; row++) {
    const first = rows[row * width] ?? 0;
    const place = next[first] ?? 0;
    next[first] = place + 1;
    order[place] = row;
  }
  const ordered = Buffer.allocUnsafe(count * width);
  gather(rows, width, 0, order, ordered);
  return { ordered, counts };
}

/** All rows of one partition, in no order. */
export async function readPartition(
  file: FileHandle,
  runs: readonly Run[],
  partition: number,
  width: number,
): Promise<Buffer> {
  const total = runs.reduce((sum, { counts }) => sum + (counts[partition] ?? 0), 0);
  const rows = Buffer.allocUnsafe(total * width);
  let at = 0;
  for (const { offset, counts } of runs) {
    const before = counts.slice(0, partition).reduce((sum, count) => sum + count, 0);
    const bytes = (counts[partition] ?? 0) * width;
    if (bytes === 0) continue;
    await readInto(file, offset + before * width, rows.subarray(at, at + bytes));
    at += bytes;
  }
  return rows;
}
