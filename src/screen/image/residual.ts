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
  const [r, g, b] = [of(planes.r), of(planes.g), of(planes.b)];
  const sizes = [y, cb, cr].map(sizeOf);
  return [
    ...sizes.flatMap(({ numbers }) => numbers),
    ...autocorrelation(y, tiles, sizes[0]!.power),
    ...autocorrelation(cr, tiles, sizes[2]!.power),
    correlation(r, g),
    correlation(r, b),
    correlation(g, b),
    correlation(y, cb),
    correlation(y, cr),
    correlation(cb, cr),
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

function correlation(a: Float32Array, b: Float32Array): number {
  const floor = a.length / 100;
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    const [one, other] = [a[i]!, b[i]!];
    ab += one * other;
    aa += one * one;
    bb += other * other;
  }
  return ab / Math.sqrt((aa + floor) * (bb + floor));
}

/** Neighbouring first differences, right and down in one table, opposite signs together: a signed root of shares. */
function cooccurrence(plane: Float32Array, tiles: number): number[] {
  const levels = new Int16Array(PIXELS);
  const counts = new Float64Array(LEVELS * LEVELS);
  const cut = (value: number): number => (value < -REACH ? 0 : value > REACH ? 2 * REACH : value + REACH);
  for (let tile = 0; tile < tiles; tile += 1) {
    for (let i = 0; i < PIXELS; i += 1) levels[i] = Math.floor(plane[tile * PIXELS + i]! + 0.5);
    for (let row = 0; row < TILE; row += 1) {
      const start = row * TILE;
      let before = cut(levels[start + 1]! - levels[start]!);
      for (let x = 1; x < TILE - 1; x += 1) {
        const next = cut(levels[start + x + 1]! - levels[start + x]!);
        counts[LEVELS * before + next]! += 1;
        before = next;
      }
    }
    for (let row = 0; row < TILE - 2; row += 1) {
      for (let at = row * TILE; at < (row + 1) * TILE; at += 1) {
        const [here, below] = [levels[at + TILE]!, levels[at + 2 * TILE]!];
        counts[LEVELS * cut(here - levels[at]!) + cut(below - here)]! += 1;
      }
    }
  }
  const all = counts.reduce((sum, count) => sum + count, 0);
  const last = LEVELS * LEVELS - 1;
  return Array.from({ length: (last >> 1) + 1 }, (_, i) =>
    Math.sqrt((i === last - i ? counts[i]! : counts[i]! + counts[last - i]!) / all),
  );
}
