/** Contents that are over, collected while they are young. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Bytes } from '../domain/index.ts';

/**
 * V8 counts the memory of buffers towards full collections alone, and began one for every 60 answers of 100 KB: a quarter of all
 * processor time (measured with perf under npm run bench -- proxy). A young collection frees the same buffers at about a
 * hundredth of that, as soon as so much of them is over.
 */
const ENOUGH: Bytes = 8 << 20;

type Collect = (options: { readonly type: 'minor' }) => void;

let over: Bytes = 0;
let collect: Collect | undefined;

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
