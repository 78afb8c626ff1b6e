/** PDQ, Meta's 256-bit perceptual hash, with its quality. */
import type { Hex } from '../domain/index.ts';
import { lumaOf, lumaOfPlanes, type Pixels, type Plane, reduceRgb } from './pixels.ts';

export interface Pdq {
  /** 64 hex digits. */
  readonly hash: Hex;
  /** 0 to 100. Meta discards hashes of 49 and less: too little structure to tell pictures apart. */
  readonly quality: number;
}

/** Meta's tools reduce larger pictures to this side first, as the two filter passes cost too much beyond it. */
const LARGEST_SIDE = 512;
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

/** A line of `length` values `stride` apart, from `start`. */
interface Line {
  readonly start: number;
  readonly stride: number;
  readonly length: number;
}

/** Mean over a sliding window, cut at both ends. An even window reaches one further right. */
function boxLine(from: Float32Array, to: Float32Array, line: Line, window: number): void {
  const ahead = Math.floor((window + 2) / 2) - 1;
  const behind = window - ahead - 1;
  let sum = 0;
  let count = 0;
  for (let i = -ahead; i < line.length; i += 1) {
    if (i + ahead < line.length) {
      sum += from[line.start + (i + ahead) * line.stride]!;
      count += 1;
    }
    if (i > behind) {
      sum -= from[line.start + (i - behind - 1) * line.stride]!;
      count -= 1;
    }
    if (i >= 0) to[line.start + i * line.stride] = sum / count;
  }
}

/** Two passes of boxes along rows and columns make a tent filter. @see Jarosz 2001, "Fast Image Convolutions" */
function tent({ width, height, data }: Plane): Float32Array {
  const along = Math.ceil(width / (2 * BLOCKS));
  const down = Math.ceil(height / (2 * BLOCKS));
  const buffer = new Float32Array(data.length);
  for (let pass = 0; pass < 2; pass += 1) {
    for (let y = 0; y < height; y += 1) {
      boxLine(data, buffer, { start: y * width, stride: 1, length: width }, along);
    }
    for (let x = 0; x < width; x += 1) {
      boxLine(buffer, data, { start: x, stride: width, length: height }, down);
    }
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
 * The PDQ of a picture. Exact where Meta's own implementation is given the same pixels of at most 512 a side; larger
 * pictures are reduced by area average first, where Meta's tools differ among themselves.
 * @see https://github.com/facebook/ThreatExchange/tree/main/pdq
 */
export function pdqOf(picture: Pixels): Pdq {
  const { width, height } = picture;
  if (Math.min(width, height) < SMALLEST_SIDE) return { hash: '0'.repeat(64), quality: 0 };
  const scale = Math.min(1, LARGEST_SIDE / Math.max(width, height));
  const luma =
    scale === 1
      ? lumaOf(picture)
      : lumaOfPlanes(
          reduceRgb(
            picture,
            Math.max(SMALLEST_SIDE, Math.round(width * scale)),
            Math.max(SMALLEST_SIDE, Math.round(height * scale)),
          ),
        );
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
