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

/** Mean over a sliding window along each row, cut at both ends. An even window reaches one further right. */
function boxRows(from: Float32Array, to: Float32Array, width: number, height: number, window: number): void {
  const ahead = Math.floor((window + 2) / 2) - 1;
  const behind = window - ahead;
  for (let start = 0; start < width * height; start += width) {
    let sum = 0;
    let count = 0;
    for (; count < ahead; count += 1) sum += from[start + count]!;
    for (let x = 0; x < width; x += 1) {
      if (x + ahead < width) {
        sum += from[start + x + ahead]!;
        count += 1;
      }
      if (x >= behind) {
        sum -= from[start + x - behind]!;
        count -= 1;
      }
      to[start + x] = sum / count;
    }
  }
}

/** The same along each column, a row at a time, as memory lies. */
function boxColumns(
  from: Float32Array,
  to: Float32Array,
  width: number,
  height: number,
  window: number,
): void {
  const ahead = Math.floor((window + 2) / 2) - 1;
  const behind = window - ahead;
  const sums = new Float64Array(width);
  let count = 0;
  for (; count < ahead; count += 1) for (let x = 0; x < width; x += 1) sums[x]! += from[count * width + x]!;
  for (let y = 0; y < height; y += 1) {
    if (y + ahead < height) {
      const start = (y + ahead) * width;
      for (let x = 0; x < width; x += 1) sums[x]! += from[start + x]!;
      count += 1;
    }
    if (y >= behind) {
      const start = (y - behind) * width;
      for (let x = 0; x < width; x += 1) sums[x]! -= from[start + x]!;
      count -= 1;
    }
    const start = y * width;
    for (let x = 0; x < width; x += 1) to[start + x] = sums[x]! / count;
  }
}

/** Two passes of boxes along rows and columns make a tent filter. @see Jarosz 2001, "Fast Image Convolutions" */
function tent({ width, height, data }: Plane): Float32Array {
  const along = Math.ceil(width / (2 * BLOCKS));
  const down = Math.ceil(height / (2 * BLOCKS));
  const buffer = new Float32Array(data.length);
  for (let pass = 0; pass < 2; pass += 1) {
    boxRows(data, buffer, width, height, along);
    boxColumns(buffer, data, width, height, down);
  }
  return data;
}

/** Values at the centres of 64 x 64 blocks. */
function decimate(smooth: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(BLOCKS * BLOCKS);
  for (let i = 0; i < BLOCKS; i += 1) {
    const y = Math.floor(((i + 0.5) * height) / BLOCKS);
    for (let j = 0; j < BLOCKS; j += 1) {
      out[i * BLOCKS + j] = smooth[y * width + Math.floor(((j + 0.5) * width) / BLOCKS)]!;
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
 * The PDQ of a picture's luma, which is filtered in place. Exact where Meta's own implementation is given the same
 * pixels; its tools bring pictures to at most 512 a side first.
 * @see https://github.com/facebook/ThreatExchange/tree/main/pdq
 */
export function pdqOf(luma: Plane): Pdq {
  if (Math.min(luma.width, luma.height) < SMALLEST_SIDE) return { hash: '0'.repeat(64), quality: 0 };
  const blocks =
    luma.width === BLOCKS && luma.height === BLOCKS
      ? luma.data
      : decimate(tent(luma), luma.width, luma.height);
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
