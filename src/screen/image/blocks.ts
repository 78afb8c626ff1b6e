/** Energy of 8 x 8 blocks by frequency band. Typed arrays, portable. */
import type { Plane } from '../../view/pixels.ts';

/** Bands by the sum of both frequencies: 1-2, 3-4, 5-6, 7-8, 9-10, 11-14. The constant term is in none. */
export const BANDS = 6;
const SIDE = 8;

const DCT = Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
  const frequency = Math.floor(i / SIDE);
  const scale = frequency === 0 ? Math.sqrt(1 / SIDE) : Math.sqrt(2 / SIDE);
  return scale * Math.cos((Math.PI / (2 * SIDE)) * frequency * (2 * (i % SIDE) + 1));
});
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
  for (let block = 0; block < across * down; block += 1) {
    const start = Math.floor(block / across) * SIDE * width + (block % across) * SIDE;
    for (let y = 0; y < SIDE; y += 1) {
      const at = start + y * width;
      for (let u = 0; u < SIDE; u += 1) {
        let sum = 0;
        for (let x = 0; x < SIDE; x += 1) sum += DCT[u * SIDE + x]! * data[at + x]!;
        rows[y * SIDE + u] = sum;
      }
    }
    for (let v = 0; v < SIDE; v += 1) {
      for (let u = 0; u < SIDE; u += 1) {
        const band = BAND_OF[v * SIDE + u]!;
        if (band < 0) continue;
        let sum = 0;
        for (let y = 0; y < SIDE; y += 1) sum += DCT[v * SIDE + y]! * rows[y * SIDE + u]!;
        energies[block * BANDS + band]! += (sum * sum) / BAND_SIZES[band]!;
      }
    }
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
