/** PDQ, Meta's 256-bit perceptual hash, with its quality. */
import type { Hex } from '../domain/index.ts';
import type { Plane } from './pixels.ts';

export interface Pdq {
  /** 64 hex digits. */
  readonly hash: Hex;
  /** 0 to 100. Meta discards hashes of 49 and less: too little structure to tell pictures apart. */
  readonly quality: number;
}

/** Smaller pictures have no hash. */
const SMALLEST_SIDE = 5;
const BLOCKS = 64;
const TERMS = 16;

/** Rows 1 to 16 of the 64-point DCT. The constant term is left out: it only says how bright the picture is. */
const DCT = Float64Array.from(
  { length: TERMS * BLOCKS },
  (_, i) =>
    Math.sqrt(2 / BLOCKS) *
    Math.cos((Math.PI / 2 / BLOCKS) * (Math.floor(i / BLOCKS) + 1) * (2 * (i % BLOCKS) + 1)),
);

/** Weights of the samples that one block centre sees, from `first` on. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * What two passes of a sliding mean, cut at both ends, make of the samples around each block centre. An even window reaches
 * one further to the end. Two boxes make a tent filter. @see Jarosz 2001, "Fast Image Convolutions"
 */
function tentTaps(samples: number): Taps[] {
  const window = Math.ceil(samples / (2 * BLOCKS));
  const ahead = Math.floor((window + 2) / 2) - 1;
  const behind = window - ahead;
  const span = (at: number): readonly [number, number] => [
    Math.max(0, at - behind + 1),
    Math.min(samples - 1, at + ahead),
  ];
  return Array.from({ length: BLOCKS }, (_, block) => {
    const [from, to] = span(Math.floor(((block + 0.5) * samples) / BLOCKS));
    const first = span(from)[0];
    const weights = new Float64Array(span(to)[1] - first + 1);
    for (let middle = from; middle <= to; middle += 1) {
      const [start, end] = span(middle);
      const share = 1 / ((to - from + 1) * (end - start + 1));
      for (let at = start; at <= end; at += 1) weights[at - first]! += share;
    }
    return { first, weights };
  });
}

/** The tent-filtered luma at the centres of 64 x 64 blocks: nothing else of it is ever read. */
function blocksOf({ width, height, data }: Plane): Float32Array {
  const across = tentTaps(width);
  const down = tentTaps(height);
  const rows = new Float64Array(height * BLOCKS);
  for (let y = 0; y < height; y += 1) {
    for (let j = 0; j < BLOCKS; j += 1) {
      const { first, weights } = across[j]!;
      let sum = 0;
      for (let k = 0, at = y * width + first; k < weights.length; k += 1, at += 1)
        sum += weights[k]! * data[at]!;
      rows[y * BLOCKS + j] = sum;
    }
  }
  const out = new Float32Array(BLOCKS * BLOCKS);
  for (let i = 0; i < BLOCKS; i += 1) {
    const { first, weights } = down[i]!;
    for (let k = 0; k < weights.length; k += 1) {
      const [start, weight] = [(first + k) * BLOCKS, weights[k]!];
      for (let j = 0; j < BLOCKS; j += 1) out[i * BLOCKS + j]! += weight * rows[start + j]!;
    }
  }
  return out;
}

/** Sum of the gradients that are visible, in percent of full scale; 90 and the cut at 100 are Meta's. */
function qualityOf(blocks: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < BLOCKS; i += 1) {
    for (let j = 0; j < BLOCKS; j += 1) {
      const here = blocks[i * BLOCKS + j]!;
      if (i < BLOCKS - 1) sum += Math.abs(Math.trunc(((here - blocks[(i + 1) * BLOCKS + j]!) * 100) / 255));
      if (j < BLOCKS - 1) sum += Math.abs(Math.trunc(((here - blocks[i * BLOCKS + j + 1]!) * 100) / 255));
    }
  }
  return Math.min(100, Math.floor(sum / 90));
}

/** The 16 x 16 lowest frequencies without the constant terms. */
function lowFrequencies(blocks: Float32Array): Float32Array {
  const half = new Float64Array(TERMS * BLOCKS);
  for (let i = 0; i < TERMS; i += 1) {
    for (let j = 0; j < BLOCKS; j += 1) {
      let sum = 0;
      for (let k = 0; k < BLOCKS; k += 1) sum += DCT[i * BLOCKS + k]! * blocks[k * BLOCKS + j]!;
      half[i * BLOCKS + j] = sum;
    }
  }
  const out = new Float32Array(TERMS * TERMS);
  for (let i = 0; i < TERMS; i += 1) {
    for (let j = 0; j < TERMS; j += 1) {
      let sum = 0;
      for (let k = 0; k < BLOCKS; k += 1) sum += half[i * BLOCKS + k]! * DCT[j * BLOCKS + k]!;
      out[i * TERMS + j] = sum;
    }
  }
  return out;
}

/** A bit for each frequency above the median, written from the highest word down. */
function bitsOf(terms: Float32Array): Hex {
  // Meta's median takes the lower of the two in the middle.
  const median = Float32Array.from(terms).sort()[terms.length / 2 - 1]!;
  let hex = '';
  for (let nibble = terms.length / 4 - 1; nibble >= 0; nibble -= 1) {
    let value = 0;
    for (let bit = 3; bit >= 0; bit -= 1) value = value * 2 + (terms[nibble * 4 + bit]! > median ? 1 : 0);
    hex += value.toString(16);
  }
  return hex;
}

/**
 * The PDQ of a picture's luma. Exact where Meta's own implementation is given the same
 * pixels; its tools bring pictures to at most 512 a side first.
 * @see https://github.com/facebook/ThreatExchange/tree/main/pdq
 */
export function pdqOf(luma: Plane): Pdq {
  if (Math.min(luma.width, luma.height) < SMALLEST_SIDE) return { hash: '0'.repeat(64), quality: 0 };
  const blocks = luma.width === BLOCKS && luma.height === BLOCKS ? luma.data : blocksOf(luma);
  return { hash: bitsOf(lowFrequencies(blocks)), quality: qualityOf(blocks) };
}

const ONES = Uint8Array.from(
  { length: 16 },
  (_, nibble) => [1, 2, 4, 8].filter((bit) => nibble & bit).length,
);

/** Bits that differ between two hashes in hexadecimal of the same length. */
export function hammingDistance(a: Hex, b: Hex): number {
  let distance = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const left = Number.parseInt(a[i] ?? '', 16);
    const right = Number.parseInt(b[i] ?? '', 16);
    distance += Number.isNaN(left) || Number.isNaN(right) ? 4 : ONES[left ^ right]!;
  }
  return distance;
}
