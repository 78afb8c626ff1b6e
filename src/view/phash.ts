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

/** By the number of samples, which is 512 at most: making them costs as much as using them. */
const TAPS = new Map<number, readonly Taps[]>();

function tapsOf(from: number): readonly Taps[] {
  const known = TAPS.get(from) ?? makeTaps(from, SIDE);
  TAPS.set(from, known);
  return known;
}

/** Pillow's coefficients for one axis, `from` samples to `to`. */
function makeTaps(from: number, to: number): Taps[] {
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

/** Grey picture at 32 x 32, as Pillow's Lanczos leaves it: rows first, rounded to 8 bits between. */
function resample(grey: Uint8Array, width: number, height: number): Uint8Array {
  const rows = width === SIDE ? grey : resampleLines(grey, height, width, 1, width, 1, SIDE);
  return height === SIDE ? rows : resampleLines(rows, SIDE, 1, SIDE, height, SIDE, 1);
}

/**
 * Brings `lines` lines to 32 samples each, rounded to 8 bits. Lines begin `line` apart and their samples `step`; in what is
 * returned samples lie `toStep` apart and lines `toLine`. 255 times the weights stays inside 32 bits, as in Pillow.
 */
function resampleLines(
  from: Uint8Array,
  lines: number,
  line: number,
  step: number,
  samples: number,
  toStep: number,
  toLine: number,
): Uint8Array {
  const out = new Uint8Array(lines * SIDE);
  const taps = tapsOf(samples);
  for (let k = 0; k < SIDE; k += 1) {
    const { first, weights } = taps[k]!;
    const { length } = weights;
    const at = (i: number): number => Math.min(lines - 1, i) * line + first * step;
    // Four lines at a time: a weight is read once for all, and the four sums do not wait for each other.
    for (let i = 0; i < lines; i += 4) {
      let a = at(i);
      let b = at(i + 1);
      let c = at(i + 2);
      let d = at(i + 3);
      let sumA = ROUND;
      let sumB = ROUND;
      let sumC = ROUND;
      let sumD = ROUND;
      for (let tap = 0; tap < length; tap += 1) {
        const weight = weights[tap]!;
        sumA = (sumA + Math.imul(from[a]!, weight)) | 0;
        sumB = (sumB + Math.imul(from[b]!, weight)) | 0;
        sumC = (sumC + Math.imul(from[c]!, weight)) | 0;
        sumD = (sumD + Math.imul(from[d]!, weight)) | 0;
        a += step;
        b += step;
        c += step;
        d += step;
      }
      const to = k * toStep + i * toLine;
      out[to] = byte(sumA);
      if (i + 1 < lines) out[to + toLine] = byte(sumB);
      if (i + 2 < lines) out[to + 2 * toLine] = byte(sumC);
      if (i + 3 < lines) out[to + 3 * toLine] = byte(sumD);
    }
  }
  return out;
}

/** A weighted sum as Pillow rounds and cuts it. */
function byte(sum: number): number {
  const value = sum >> PRECISION;
  return value < 0 ? 0 : value > 255 ? 255 : value;
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
