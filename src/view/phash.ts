/** pHash as Python's imagehash computes it, 64 bits: what COYO and img2dataset users recorded. */
import type { Hex } from '../domain/index.ts';
import type { Grey } from './pixels.ts';

const SIDE = 32;
const TERMS = 8;
/** Pillow resamples 8-bit pictures with coefficients of 22 fractional bits. @see Pillow src/libImaging/Resample.c */
const PRECISION = 22;
const ROUND = 2 ** (PRECISION - 1);

/** Lanczos of support 3. */
const lanczos = (x: number): number => {
  if (x <= -3 || x >= 3) return 0;
  if (x === 0) return 1;
  const a = Math.PI * x;
  return ((Math.sin(a) / a) * Math.sin(a / 3)) / (a / 3);
};

interface Taps {
  readonly first: number;
  readonly weights: Int32Array;
}

/** Pillow's coefficients for one axis, `from` samples to `to`. */
function tapsOf(from: number, to: number): Taps[] {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const support = 3 * stretch;
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const raw = Array.from({ length: end - first }, (_, k) => lanczos((k + first - centre + 0.5) / stretch));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return {
      first,
      weights: Int32Array.from(raw, (weight) =>
        Math.trunc((weight / sum) * 2 ** PRECISION + (weight < 0 ? -0.5 : 0.5)),
      ),
    };
  });
}

/** Weighted sum of `taps` samples `stride` apart, rounded to 8 bits. 255 times the weights stays inside 32 bits, as in Pillow. */
function weigh(from: Uint8Array, start: number, stride: number, { weights }: Taps): number {
  let sum = ROUND;
  for (let k = 0, at = start; k < weights.length; k += 1, at += stride) {
    sum = (sum + Math.imul(from[at]!, weights[k]!)) | 0;
  }
  return Math.max(0, Math.min(255, sum >> PRECISION));
}

/** Grey picture at 32 x 32, as Pillow's Lanczos leaves it: rows first, rounded to 8 bits between. */
function resample(grey: Uint8Array, width: number, height: number): Uint8Array {
  const rows = width === SIDE ? grey : new Uint8Array(SIDE * height);
  if (width !== SIDE) {
    const across = tapsOf(width, SIDE);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < SIDE; x += 1) {
        const taps = across[x]!;
        rows[y * SIDE + x] = weigh(grey, y * width + taps.first, 1, taps);
      }
    }
  }
  if (height === SIDE) return rows;
  const out = new Uint8Array(SIDE * SIDE);
  tapsOf(height, SIDE).forEach((taps, y) => {
    for (let x = 0; x < SIDE; x += 1) out[y * SIDE + x] = weigh(rows, taps.first * SIDE + x, SIDE, taps);
  });
  return out;
}

/** The first 8 rows of the unnormalised 32-point DCT-II, constant term included (scipy.fftpack's scaling by 2). */
const DCT = Float64Array.from(
  { length: TERMS * SIDE },
  (_, i) => 2 * Math.cos((Math.PI / (2 * SIDE)) * Math.floor(i / SIDE) * (2 * (i % SIDE) + 1)),
);

/**
 * Imagehash's `phash` with its defaults, 16 hex digits, of a picture in Pillow's grey. Exact but for ties within rounding.
 * @see https://github.com/JohannesBuchner/imagehash imagehash 4.3.2, phash
 */
export function phashOf({ width, height, data }: Grey): Hex {
  const small = resample(data, width, height);
  const half = new Float64Array(TERMS * SIDE);
  for (let i = 0; i < TERMS; i += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      let sum = 0;
      for (let y = 0; y < SIDE; y += 1) sum += DCT[i * SIDE + y]! * small[y * SIDE + x]!;
      half[i * SIDE + x] = sum;
    }
  }
  const terms = new Float64Array(TERMS * TERMS);
  for (let i = 0; i < TERMS; i += 1) {
    for (let j = 0; j < TERMS; j += 1) {
      let sum = 0;
      for (let x = 0; x < SIDE; x += 1) sum += half[i * SIDE + x]! * DCT[j * SIDE + x]!;
      terms[i * TERMS + j] = sum;
    }
  }
  const sorted = Float64Array.from(terms).sort();
  const median = (sorted[TERMS * 4 - 1]! + sorted[TERMS * 4]!) / 2;
  let hex = '';
  for (let at = 0; at < terms.length; at += 4) {
    let nibble = 0;
    for (let bit = 0; bit < 4; bit += 1) nibble = nibble * 2 + (terms[at + bit]! > median ? 1 : 0);
    hex += nibble.toString(16);
  }
  return hex;
}
