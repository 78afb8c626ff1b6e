/** Energy of 8 x 8 blocks by frequency band. Typed arrays, portable. */
import type { Plane } from '../../view/pixels.ts';

/** Bands by the sum of both frequencies: 1-2, 3-4, 5-6, 7-8, 9-10, 11-14. The constant term is in none. */
export const BANDS = 6;
const SIDE = 8;

/** Half of the orthonormal DCT: row `u` over the sums (even `u`) or differences (odd `u`) of samples k and 7 - k. */
const HALF = Float64Array.from({ length: SIDE * 4 }, (_, i) => {
  const frequency = Math.floor(i / 4);
  const scale = frequency === 0 ? Math.sqrt(1 / SIDE) : Math.sqrt(2 / SIDE);
  return scale * Math.cos((Math.PI / (2 * SIDE)) * frequency * (2 * (i % 4) + 1));
});

/** Eight-point DCT of samples `stride` apart. */
function dct8(
  from: Float32Array | Float64Array,
  at: number,
  stride: number,
  to: Float64Array,
  out: number,
  step: number,
): void {
  const [a, b, c, d] = [from[at]!, from[at + stride]!, from[at + 2 * stride]!, from[at + 3 * stride]!];
  const [e, f, g, h] = [
    from[at + 7 * stride]!,
    from[at + 6 * stride]!,
    from[at + 5 * stride]!,
    from[at + 4 * stride]!,
  ];
  for (let u = 0; u < SIDE; u += 2) {
    const k = u * 4;
    to[out + u * step] =
      HALF[k]! * (a + e) + HALF[k + 1]! * (b + f) + HALF[k + 2]! * (c + g) + HALF[k + 3]! * (d + h);
    to[out + (u + 1) * step] =
      HALF[k + 4]! * (a - e) + HALF[k + 5]! * (b - f) + HALF[k + 6]! * (c - g) + HALF[k + 7]! * (d - h);
  }
}

const BAND_OF = Int8Array.from({ length: SIDE * SIDE }, (_, i) => {
  const sum = Math.floor(i / SIDE) + (i % SIDE);
  return sum === 0 ? -1 : Math.min(BANDS - 1, Math.floor((sum - 1) / 2));
});
/** Coefficients of each band, to make means of sums. */
export const BAND_SIZES = Array.from(
  { length: BANDS },
  (_, band) => BAND_OF.filter((b) => b === band).length,
);

export interface BlockEnergies {
  readonly across: number;
  readonly down: number;
  /** Mean squared coefficient by block and band: `energies[block * BANDS + band]`. */
  readonly energies: Float32Array;
}

/** Whole blocks from the upper left corner; the rest of the plane is left out. */
export function blockEnergies({ width, height, data }: Plane): BlockEnergies {
  const across = Math.floor(width / SIDE);
  const down = Math.floor(height / SIDE);
  const energies = new Float32Array(across * down * BANDS);
  const rows = new Float64Array(SIDE * SIDE);
  const terms = new Float64Array(SIDE * SIDE);
  for (let block = 0; block < across * down; block += 1) {
    const start = Math.floor(block / across) * SIDE * width + (block % across) * SIDE;
    for (let y = 0; y < SIDE; y += 1) dct8(data, start + y * width, 1, rows, y * SIDE, 1);
    for (let u = 0; u < SIDE; u += 1) dct8(rows, u, SIDE, terms, u, SIDE);
    for (let i = 1; i < terms.length; i += 1) energies[block * BANDS + BAND_OF[i]!]! += terms[i]! * terms[i]!;
    for (let band = 0; band < BANDS; band += 1) energies[block * BANDS + band]! /= BAND_SIZES[band]!;
  }
  return { across, down, energies };
}

/** Mean of each band over the blocks listed; zeros without blocks. */
export function bandMeans({ energies }: BlockEnergies, blocks: ArrayLike<number>): Float64Array {
  const means = new Float64Array(BANDS);
  for (let i = 0; i < blocks.length; i += 1) {
    for (let band = 0; band < BANDS; band += 1)
      means[band]! += energies[blocks[i]! * BANDS + band]! / blocks.length;
  }
  return means;
}
