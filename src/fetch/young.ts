/** What contents are to V8's collector: collected while they are young, and counted with all else. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Bytes } from '../domain/index.ts';

/**
 * V8 counts the memory of buffers towards full collections alone, and began one for every 60 answers of 100 KB: a quarter of all
 * processor time (measured with perf under npm run bench -- proxy). A young collection frees the same buffers at about a
 * hundredth of that, as soon as so much of them is over: less would still be in use, more would have grown old.
 */
const ENOUGH: Bytes = 16 << 20;

type Collect = (options: { readonly type: 'minor' }) => void;

/**
 * Percent by which that limit lies above what a full collection left; V8 by itself goes to a multiple. Pieces for a thousand slow clients grow old
 * before they are read, and a process with about 280 MiB of heap and buffers in use stood at 696 (npm run bench -- downloads). At 20 it
 * stays under 512, and answers of 10 and 100 KB cost what they did.
 */
const MOST_GROWTH = 20;

let over: Bytes = 0;
let collect: Collect | undefined;

/** The first V8 that has the flag; earlier ones would complain on standard error. */
const FIRST_V8 = 13;

/**
 * From now on a full collection begins when the heap and the buffers beside it have grown beyond their common limit, and not
 * after each 64 MiB of buffers: in 8 s of answers of 100 KB 7 instead of 17 at an initial old space of 96 MiB, 2 at 256 MiB
 * (measured with --trace-gc-nvp under npm run bench -- proxy).
 */
export function countWithHeap(): void {
  if (Number.parseInt(process.versions.v8, 10) < FIRST_V8) return;
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  setFlagsFromString(`--heap-growing-percent=${MOST_GROWTH}`);
}

/** Told of contents that nobody will read again. */
export function tellOver(bytes: Bytes): void {
  over += bytes;
  if (over < ENOUGH) return;
  over = 0;
  setImmediate(collectYoung);
}

function collectYoung(): void {
  collect ??= exposed();
  collect({ type: 'minor' });
}

/** V8's own function; where an embedder of V8 keeps it back, nothing is done and V8 goes on as it would. */
function exposed(): Collect {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  return typeof gc === 'function' ? (gc as Collect) : () => undefined;
}
