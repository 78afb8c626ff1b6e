/** Distances between perceptual hashes. */
import type { Hex } from '../domain/index.ts';

/** Bits that differ between two hashes of equal length. */
export function hamming(a: Hex, b: Hex): number {
  let bits = 0;
  for (let at = 0; at < a.length; at += 8) {
    let different =
      (Number.parseInt(a.slice(at, at + 8), 16) ^ Number.parseInt(b.slice(at, at + 8), 16)) >>> 0;
    for (; different !== 0; different &= different - 1) bits++;
  }
  return bits;
}
