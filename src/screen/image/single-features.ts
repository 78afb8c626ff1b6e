/** The 122 numbers of a single picture's tiles. Order and formulas: docs/adr/image-model.md. Portable. */
import type { ImageEncoding } from '../../domain/index.ts';
import { BANDS, blockEnergies } from './blocks.ts';
import { residualNumbers } from './residual.ts';
import { TILE } from './tiles.ts';

export const FEATURES = 122;

const PIXELS = TILE * TILE;
const BLOCKS_ACROSS = TILE / 8;
const BLOCKS = BLOCKS_ACROSS * BLOCKS_ACROSS;
/** A block of 64 pixels with more clipped ones is left out, unless too few are left. */
const MOST_CLIPPED = 24;
const LEAST_BLOCKS = 32;

const log = (value: number): number => Math.log(value + 0.05);

/** Planes of all tiles, one tile after the other. */
export interface TilePlanes {
  readonly tiles: number;
  readonly y: Float32Array;
  readonly cb: Float32Array;
  readonly cr: Float32Array;
  readonly clipped: Uint8Array;
}

export function planesOf(rgb: Uint8Array): TilePlanes {
  const n = rgb.length / 3;
  const plane = (): Float32Array => new Float32Array(n);
  const planes = { y: plane(), cb: plane(), cr: plane() };
  const clipped = new Uint8Array(n);
  for (let i = 0, at = 0; i < n; i += 1, at += 3) {
    const r = rgb[at]!;
    const g = rgb[at + 1]!;
    const b = rgb[at + 2]!;
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    planes.y[i] = y;
    planes.cb[i] = 0.564 * (b - y);
    planes.cr[i] = 0.713 * (r - y);
    if (r < 2 || g < 2 || b < 2 || r > 253 || g > 253 || b > 253) clipped[i] = 1;
  }
  return { tiles: n / PIXELS, ...planes, clipped };
}

/** All numbers, in order; `format` and `encoding` say how the file carried the pixels. */
export function singleFeatures(
  rgb: Uint8Array,
  carrier: { readonly format: string; readonly encoding?: ImageEncoding },
): Float64Array {
  const planes = planesOf(rgb);
  const values = [
    ...blockNumbers(planes),
    ...residualNumbers(planes),
    ...gridNumbers(planes),
    ...flatness(rgb, planes),
    ...carrierNumbers(carrier),
  ];
  return Float64Array.from(values);
}

/** Energies of a plane's blocks by band, all tiles. */
function energiesOf(plane: Float32Array, tiles: number): Float32Array {
  const all = new Float32Array(tiles * BLOCKS * BANDS);
  for (let tile = 0; tile < tiles; tile += 1) {
    const data = plane.subarray(tile * PIXELS, (tile + 1) * PIXELS);
    all.set(blockEnergies({ width: TILE, height: TILE, data }).energies, tile * BLOCKS * BANDS);
  }
  return all;
}

/** Blocks that are not clipped; all where too few are left. */
function soundBlocks({ clipped, tiles }: TilePlanes): number[] {
  const sound: number[] = [];
  for (let block = 0; block < tiles * BLOCKS; block += 1) {
    const inTile = block % BLOCKS;
    const start =
      Math.floor(block / BLOCKS) * PIXELS +
      Math.floor(inTile / BLOCKS_ACROSS) * 8 * TILE +
      (inTile % BLOCKS_ACROSS) * 8;
    let count = 0;
    for (let y = 0; y < 8; y += 1) for (let x = 0; x < 8; x += 1) count += clipped[start + y * TILE + x]!;
    if (count <= MOST_CLIPPED) sound.push(block);
  }
  return sound.length >= LEAST_BLOCKS ? sound : Array.from({ length: tiles * BLOCKS }, (_, block) => block);
}

function blockNumbers(planes: TilePlanes): number[] {
  const channels = [planes.y, planes.cb, planes.cr].map((plane) => energiesOf(plane, planes.tiles));
  const [luma] = channels as [Float32Array, Float32Array, Float32Array];
  const activity = new Float64Array(planes.tiles * BLOCKS);
  for (let block = 0; block < activity.length; block += 1)
    for (let band = 0; band < BANDS; band += 1) activity[block]! += luma[block * BANDS + band]!;
  const blocks = soundBlocks(planes).sort((a, b) => activity[a]! - activity[b]!);
  const third = Math.floor(blocks.length / 3);
  const quiet = blocks.slice(0, third);
  const busy = blocks.slice(blocks.length - third);
  const mean = (energies: Float32Array, among: readonly number[], band: number): number => {
    let sum = 0;
    for (const block of among) sum += energies[block * BANDS + band]!;
    return sum / Math.max(1, among.length);
  };
  const sorted = new Float32Array(blocks.length);
  return channels.flatMap((energies) =>
    Array.from({ length: BANDS }, (_, band) => {
      for (let i = 0; i < blocks.length; i += 1) sorted[i] = energies[blocks[i]! * BANDS + band]!;
      sorted.sort();
      const inQuiet = log(mean(energies, quiet, band));
      return [
        inQuiet,
        log(mean(energies, busy, band)) - inQuiet,
        log(sorted[Math.floor(blocks.length / 2)]!),
      ];
    }).flat(),
  );
}

/** Steps over the borders of JPEG's blocks against steps elsewhere, right and down, for luma and red difference. */
function gridNumbers({ y, cr, tiles }: TilePlanes): number[] {
  return [y, cr].flatMap((plane) => {
    let [right, rightBorder, down, downBorder] = [0, 0, 0, 0];
    for (let tile = 0; tile < tiles; tile += 1) {
      for (let row = 0; row < TILE; row += 1) {
        const start = tile * PIXELS + row * TILE;
        for (let x = 0; x < TILE - 1; x += 1) right += Math.abs(plane[start + x + 1]! - plane[start + x]!);
        for (let x = 7; x < TILE - 1; x += 8)
          rightBorder += Math.abs(plane[start + x + 1]! - plane[start + x]!);
        if (row === TILE - 1) continue;
        let steps = 0;
        for (let x = 0; x < TILE; x += 1) steps += Math.abs(plane[start + x + TILE]! - plane[start + x]!);
        down += steps;
        if (row % 8 === 7) downBorder += steps;
      }
    }
    const borders = tiles * TILE * (BLOCKS_ACROSS - 1);
    const others = tiles * TILE * (TILE - BLOCKS_ACROSS);
    const ratio = (border: number, other: number): number =>
      Math.log((border / borders + 0.05) / (other / others + 0.05));
    return [ratio(rightBorder, right - rightBorder), ratio(downBorder, down - downBorder)];
  });
}

/** Share of clipped pixels, and of pixels equal to their right neighbour. */
function flatness(rgb: Uint8Array, { clipped, tiles }: TilePlanes): number[] {
  let [ends, equal] = [0, 0];
  for (let i = 0; i < clipped.length; i += 1) {
    ends += clipped[i]!;
    if (i % TILE === TILE - 1) continue;
    const at = 3 * i;
    if (rgb[at] === rgb[at + 3] && rgb[at + 1] === rgb[at + 4] && rgb[at + 2] === rgb[at + 5]) equal += 1;
  }
  return [ends / clipped.length, equal / (tiles * TILE * (TILE - 1))];
}

/** What the file says: lossless, quality, chroma subsampled, another lossy carrier than JPEG. */
export function carrierNumbers({
  format,
  encoding,
}: {
  readonly format: string;
  readonly encoding?: ImageEncoding;
}): [number, number, number, number] {
  const lossless = encoding?.lossless ?? false;
  const quality = lossless ? 1 : encoding?.quality === undefined ? 0.8 : encoding.quality / 100;
  const other = !lossless && format !== 'jpeg';
  const subsampled = !lossless && isSubsampled(format, encoding);
  return [lossless ? 1 : 0, quality, subsampled ? 1 : 0, other ? 1 : 0];
}

/** A JPEG that does not say is grey or odd; lossy WebP always is, and AVIF where it does not say otherwise. */
export const isSubsampled = (format: string, encoding: ImageEncoding | undefined): boolean =>
  encoding?.chroma === undefined ? format !== 'jpeg' : encoding.chroma !== '4:4:4';
