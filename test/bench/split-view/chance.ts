/** Draws that depend on a name alone, so that every run sees the same world. */
import { chance } from '../../origin/pictures.ts';

/** FNV-1a, 32 bit, finished with a mixing step. */
export function seedOf(...names: ReadonlyArray<string | number>): number {
  let hash = 0x811c9dc5;
  for (const letter of names.join('\u0000')) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}

export const drawsOf = (...names: ReadonlyArray<string | number>): (() => number) => chance(seedOf(...names));
