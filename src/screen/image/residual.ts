/** Numbers of the high-pass residual of tiles: size, correlations, co-occurrence. Portable. @see docs/adr/image-model.md */
import type { TilePlanes } from './single-features.ts';
import { TILE } from './tiles.ts';

const PIXELS = TILE * TILE;
const INNER = TILE - 2;
/** Offsets at which a residual is held against itself. */
const OFFSETS = [
  [0, 1],
  [1, 0],
  [1, 1],
  [0, 2],
  [2, 0],
  [0, 4],
  [4, 0],
] as const;
/** First differences are cut to this many levels either way. */
const REACH = 2;
const LEVELS = 2 * REACH + 1;

/** Size of three residuals, their autocorrelation in two, their correlation in six pairs, co-occurrence in two planes. */
export function residualNumbers(planes: TilePlanes): number[] {
  const { tiles } = planes;
  const of = (plane: Float32Array): Float32Array => residualOf(plane, tiles);
  const [y, cb, cr] = [of(planes.y), of(planes.cb), of(planes.cr)];
  const sizes = [y, cb, cr].map(sizeOf);
  return [
    ...sizes.flatMap(({ numbers }) => numbers),
    ...autocorrelation(y, tiles, sizes[0]!.power),
    ...autocorrelation(cr, tiles, sizes[2]!.power),
    ...correlations(y, cb, cr),
    ...cooccurrence(planes.y, tiles),
    ...cooccurrence(planes.cr, tiles),
  ];
}

/** A fourth of (4, -2, 1) around each inner pixel, tile after tile. */
function residualOf(plane: Float32Array, tiles: number): Float32Array {
  const out = new Float32Array(tiles * INNER * INNER);
  let to = 0;
  for (let tile = 0; tile < tiles; tile += 1) {
    for (let row = 1; row <= INNER; row += 1) {
      let at = tile * PIXELS + row * TILE + 1;
      for (let x = 0; x < INNER; x += 1, at += 1, to += 1) {
        const [up, down] = [at - TILE, at + TILE];
        out[to] =
          plane[at]! -
          0.5 * (plane[up]! + plane[down]! + plane[at - 1]! + plane[at + 1]!) +
          0.25 * (plane[up - 1]! + plane[up + 1]! + plane[down - 1]! + plane[down + 1]!);
      }
    }
  }
  return out;
}

function sizeOf(residual: Float32Array): { numbers: number[]; power: number } {
  const n = residual.length;
  let [sum, squares, tiny, small] = [0, 0, 0, 0];
  for (let i = 0; i < n; i += 1) {
    const value = Math.abs(residual[i]!);
    sum += value;
    squares += value * value;
    if (value < 1) small += 1;
    if (value < 0.25) tiny += 1;
  }
  const mean = sum / n;
  const power = squares / n;
  return {
    numbers: [Math.log(mean + 0.05), Math.log(Math.sqrt(power) / (mean + 0.01) + 0.01), tiny / n, small / n],
    power,
  };
}

function autocorrelation(residual: Float32Array, tiles: number, power: number): number[] {
  return OFFSETS.map(([dy, dx]) => {
    let sum = 0;
    for (let tile = 0; tile < tiles; tile += 1) {
      for (let row = 0; row < INNER - dy; row += 1) {
        const start = (tile * INNER + row) * INNER;
        const ahead = dy * INNER + dx;
        for (let at = start; at < start + INNER - dx; at += 1) sum += residual[at]! * residual[at + ahead]!;
      }
    }
    return sum / (tiles * (INNER - dy) * (INNER - dx)) / (power + 0.01);
  });
}

/**
 * Of R-G, R-B, G-B, Y-Cb, Y-Cr, Cb-Cr. The residual is linear, so that the products of the first three follow from those of
 * Y, Cb, Cr.
 */
function correlations(y: Float32Array, cb: Float32Array, cr: Float32Array): number[] {
  const floor = y.length / 100;
  let yy = 0;
  let bb = 0;
  let rr = 0;
  let yb = 0;
  let yr = 0;
  let br = 0;
  for (let i = 0; i < y.length; i += 1) {
    // Not taken apart from a list: lists made for each pixel would take four times as long.
    const luma = y[i]!;
    const blue = cb[i]!;
    const red = cr[i]!;
    yy += luma * luma;
    bb += blue * blue;
    rr += red * red;
    yb += luma * blue;
    yr += luma * red;
    br += blue * red;
  }
  // Each of R, G, B as a mix of Y, Cb, Cr: B - Y = Cb / .564, R - Y = Cr / .713, and Y weighs all three.
  const mixes = [
    [1, 0, 1 / 0.713],
    [1, -(0.114 / 0.564) / 0.587, -(0.299 / 0.713) / 0.587],
    [1, 1 / 0.564, 0],
  ] as const;
  type Mix = (typeof mixes)[number];
  const product = (a: Mix, b: Mix): number =>
    a[0] * b[0] * yy +
    a[1] * b[1] * bb +
    a[2] * b[2] * rr +
    (a[0] * b[1] + a[1] * b[0]) * yb +
    (a[0] * b[2] + a[2] * b[0]) * yr +
    (a[1] * b[2] + a[2] * b[1]) * br;
  const of = (ab: number, aa: number, b: number): number => ab / Math.sqrt((aa + floor) * (b + floor));
  const [red, green, blue] = mixes;
  const pair = (a: Mix, b: Mix): number => of(product(a, b), product(a, a), product(b, b));
  return [
    pair(red, green),
    pair(red, blue),
    pair(green, blue),
    of(yb, yy, bb),
    of(yr, yy, rr),
    of(br, bb, rr),
  ];
}

/** Differences of whole levels, from -FURTHEST on, cut to -REACH..REACH and counted from 0. */
const FURTHEST = 512;
const CUT = Uint8Array.from(
  { length: 2 * FURTHEST + 1 },
  (_, i) => Math.max(-REACH, Math.min(REACH, i - FURTHEST)) + REACH,
);

/** Neighbouring first differences, right and down in one table, opposite signs together: a root of shares. */
function cooccurrence(plane: Float32Array, tiles: number): number[] {
  const levels = new Int16Array(PIXELS);
  const counts = new Int32Array(LEVELS * LEVELS);
  for (let tile = 0; tile < tiles; tile += 1) {
    for (let i = 0; i < PIXELS; i += 1) levels[i] = Math.floor(plane[tile * PIXELS + i]! + 0.5);
    for (let row = 0; row < TILE; row += 1) {
      const start = row * TILE;
      let here = levels[start + 1]!;
      let before = CUT[FURTHEST + here - levels[start]!]!;
      for (let at = start + 2; at < start + TILE; at += 1) {
        const ahead = levels[at]!;
        const next = CUT[FURTHEST + ahead - here]!;
        counts[LEVELS * before + next]! += 1;
        here = ahead;
        before = next;
      }
    }
    for (let at = 0; at < PIXELS - 2 * TILE; at += 1) {
      const here = levels[at + TILE]!;
      const first = CUT[FURTHEST + here - levels[at]!]!;
      counts[LEVELS * first + CUT[FURTHEST + levels[at + 2 * TILE]! - here]!]! += 1;
    }
  }
  const all = counts.reduce((sum, count) => sum + count, 0);
  const last = LEVELS * LEVELS - 1;
  return Array.from({ length: (last >> 1) + 1 }, (_, i) =>
    Math.sqrt((i === last - i ? counts[i]! : counts[i]! + counts[last - i]!) / all),
  );
}
