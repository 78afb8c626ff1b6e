/** Numbers that tell a protection tool's residual between two copies of a picture from what the web leaves there. */
import { align, commonWindows, type Placement } from '../../compare/image-align.ts';
import type { ImageEncoding } from '../../domain/index.ts';
import { type Pixels, type Plane, reduceRgb, type Window } from '../../view/pixels.ts';
import { BANDS, type BlockEnergies, bandMeans, blockEnergies } from './blocks.ts';
import { predictionResidual, toYCbCr, type YCbCr } from './predict.ts';

/**
 * Largest side of the part examined, cut from the middle: a perturbation is everywhere, and time is short. At 512 the
 * residual of benign pairs scatters half as much as at 256.
 */
const LARGEST_SIDE = 512;
/** Blocks of a part of 256 pixels a side. */
const USUAL_BLOCKS = 1024;
/** Below this the blocks are too few for statistics. */
const SMALLEST_SIDE = 64;
/** A block of 64 pixels with this many at the end of a channel's range is left out. */
const MOST_CLIPPED = 24;
/** Fewer blocks give no statistics. */
const LEAST_BLOCKS = 32;
/** A scale or shift within this many pixels over the whole side is none. */
const SNAP_PIXELS = 0.35;

export interface Copy extends Pixels {
  readonly encoding?: ImageEncoding;
}

export interface PairFeatures {
  readonly values: Float64Array;
  /** Numbers that change their sign when the copies are exchanged: positive where the first holds more energy. */
  readonly sides: Float64Array;
  /** Which copy holds the energy that the other lacks, if either was altered it is this one. */
  readonly altered: 'first' | 'second';
  /** Root mean square of the residual in grey levels, luma and the larger colour difference. */
  readonly luma: number;
  readonly chroma: number;
}

/** Undoes what the aligner adds to copies that were never moved. */
function snapped(first: Pixels, second: Pixels, placement: Placement): Placement {
  const still = (scale: number, shift: number, side: number): boolean =>
    Math.abs(shift) * side < SNAP_PIXELS && Math.abs(scale + shift - 1) * side < SNAP_PIXELS;
  const side = Math.max(first.width, first.height, second.width, second.height);
  return still(placement.scaleX, placement.shiftX, side) && still(placement.scaleY, placement.shiftY, side)
    ? { scaleX: 1, shiftX: 0, scaleY: 1, shiftY: 0 }
    : placement;
}

/** The middle of a window, `share` of its width and height, on multiples of 8 pixels where that costs nothing. */
function middle(window: Window, shareX: number, shareY: number): Window {
  const cut = (start: number, extent: number, share: number): { start: number; extent: number } => {
    if (share >= 1) return { start, extent };
    const offset = (extent * (1 - share)) / 2;
    return { start: start + Math.floor(offset / 8) * 8, extent: extent * share };
  };
  const x = cut(window.left, window.width, shareX);
  const y = cut(window.top, window.height, shareY);
  return { left: x.start, top: y.start, width: x.extent, height: y.extent };
}

/** Windows of the same size in pixels that lie a whole number of pixels apart, nearly, are taken as exactly so. */
function settled(other: Window, reference: Window): { other: Window; reference: Window } {
  const near = (a: number, b: number): boolean => Math.abs(a - b) < SNAP_PIXELS;
  const shift = { x: other.left - reference.left, y: other.top - reference.top };
  const whole = near(shift.x, Math.round(shift.x)) && near(shift.y, Math.round(shift.y));
  if (!whole || !near(other.width, reference.width) || !near(other.height, reference.height)) {
    return { other, reference };
  }
  const left = Math.round(reference.left);
  const top = Math.round(reference.top);
  const size = { width: Math.round(reference.width), height: Math.round(reference.height) };
  return {
    other: { left: left + Math.round(shift.x), top: top + Math.round(shift.y), ...size },
    reference: { left, top, ...size },
  };
}

interface Grid {
  readonly first: YCbCr;
  readonly second: YCbCr;
  /** 1 where any channel of either copy stands at its end. */
  readonly clipped: Uint8Array;
  /** Logarithm of the first copy's size against the second's. */
  readonly scale: number;
}

function clippedOf(planes: readonly Plane[]): Uint8Array {
  const clipped = new Uint8Array(planes[0]?.data.length ?? 0);
  for (const { data } of planes) {
    for (let i = 0; i < data.length; i += 1) if (data[i]! < 2 || data[i]! > 253) clipped[i] = 1;
  }
  return clipped;
}

/** Both copies over the same part on the grid of the coarser one. */
function onOneGrid(first: Pixels, second: Pixels): Grid | undefined {
  const placement = snapped(first, second, align(first, second, 256));
  const common = commonWindows(first, second, placement);
  const windows = settled(common.other, common.reference);
  const width = Math.round(Math.min(windows.other.width, windows.reference.width));
  const height = Math.round(Math.min(windows.other.height, windows.reference.height));
  const [shareX, shareY] = [Math.min(1, LARGEST_SIDE / width), Math.min(1, LARGEST_SIDE / height)];
  const [gridX, gridY] = [Math.round(width * shareX), Math.round(height * shareY)];
  if (Math.min(gridX, gridY) < SMALLEST_SIDE) return undefined;
  const one = reduceRgb(first, gridX, gridY, middle(windows.other, shareX, shareY));
  const two = reduceRgb(second, gridX, gridY, middle(windows.reference, shareX, shareY));
  return {
    first: toYCbCr(one),
    second: toYCbCr(two),
    clipped: clippedOf([...one, ...two]),
    scale: Math.log(windows.other.width / windows.reference.width),
  };
}

const total = (energies: BlockEnergies, block: number, from: number): number => {
  let sum = 0;
  for (let band = from; band < BANDS; band += 1) sum += energies.energies[block * BANDS + band]!;
  return sum;
};

const log = (value: number): number => Math.log(value + 0.05);

/** How far a copy's encoding has coarsened it: 0 lossless, towards 1 the coarser; WebP and AVIF do not say. */
const coarseness = (encoding: ImageEncoding | undefined): number =>
  encoding === undefined || encoding.lossless ? 0 : (100 - (encoding.quality ?? 80)) / 100 + 0.05;

const meanSquare = (data: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < data.length; i += 1) sum += data[i]! * data[i]!;
  return sum / Math.max(1, data.length);
};

function correlation(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 1e-3 * a.length, 1e-3 * a.length];
  for (let i = 0; i < a.length; i += 1) {
    ab += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Blocks in order of how little happens in them in either copy; clipped ones, where no tone curve fits, left out. */
function orderedBlocks(
  first: readonly BlockEnergies[],
  second: readonly BlockEnergies[],
  clipped: Uint8Array,
  width: number,
): number[] {
  const sound: number[] = [];
  const { across, down } = first[0]!;
  for (let block = 0; block < across * down; block += 1) {
    const start = Math.floor(block / across) * 8 * width + (block % across) * 8;
    let count = 0;
    for (let y = 0; y < 8; y += 1) for (let x = 0; x < 8; x += 1) count += clipped[start + y * width + x]!;
    if (count < MOST_CLIPPED) sound.push(block);
  }
  // Screenshots are mostly paper white: where too little else is left, clipped blocks are better than none.
  const blocks =
    sound.length >= LEAST_BLOCKS ? sound : Array.from({ length: across * down }, (_, block) => block);
  const activity = new Map(
    blocks.map((block) => [block, Math.min(total(first[0]!, block, 0), total(second[0]!, block, 0))]),
  );
  return blocks.sort((a, b) => (activity.get(a) ?? 0) - (activity.get(b) ?? 0));
}

/** Undefined where the copies share too small a part, or nearly all of it is clipped. */
export function pairFeatures(first: Copy, second: Copy): PairFeatures | undefined {
  const grid = onOneGrid(first, second);
  if (!grid) return undefined;
  const energies = { first: grid.first.map(blockEnergies), second: grid.second.map(blockEnergies) };
  const { width } = grid.first[0];
  const blocks = orderedBlocks(energies.first, energies.second, grid.clipped, width);
  if (blocks.length < LEAST_BLOCKS) return undefined;
  const flat = blocks.slice(0, Math.ceil(blocks.length / 4));
  const busy = blocks.slice(Math.floor((blocks.length * 3) / 4));

  const flatMeans = {
    first: energies.first.map((channel) => bandMeans(channel, flat)),
    second: energies.second.map((channel) => bandMeans(channel, flat)),
  };
  // The middle bands of all channels: recompression keeps them, protection tools fill them.
  let lead = 0;
  for (let channel = 0; channel < 3; channel += 1) {
    for (let band = 0; band < 4; band += 1) {
      lead += log(flatMeans.first[channel]![band]!) - log(flatMeans.second[channel]![band]!);
    }
  }
  const altered = lead >= 0 ? 'first' : 'second';
  const other = altered === 'first' ? 'second' : 'first';
  const residual = predictionResidual(grid[other], grid[altered]);
  const left = residual.map(blockEnergies);

  const values: number[] = [Math.abs(lead) / 12];
  const sides: number[] = [];
  for (let channel = 0; channel < 3; channel += 1) {
    const all = bandMeans(left[channel]!, blocks);
    const inFlat = bandMeans(left[channel]!, flat);
    const inBusy = bandMeans(left[channel]!, busy);
    for (let band = 0; band < BANDS; band += 1) {
      const [strong, weak] = [flatMeans[altered][channel]![band]!, flatMeans[other][channel]![band]!];
      const [one, two] = [flatMeans.first[channel]![band]!, flatMeans.second[channel]![band]!];
      sides.push(log(one) - log(two), (one - two) / (inFlat[band]! + 0.5));
      values.push(
        log(all[band]!),
        log(inFlat[band]!),
        log(inBusy[band]!) - log(inFlat[band]!),
        log(weak),
        (strong - weak) / (inFlat[band]! + 0.5),
      );
    }
  }
  const [y, cb, cr] = residual;
  values.push(correlation(y.data, cb.data), correlation(y.data, cr.data), correlation(cb.data, cr.data));
  const encodings = { first: first.encoding, second: second.encoding };
  values.push(coarseness(encodings[altered]), coarseness(encodings[other]));
  values.push(altered === 'first' ? grid.scale : -grid.scale);
  // The more blocks, the less benign residuals scatter.
  values.push(Math.log(blocks.length / USUAL_BLOCKS));
  sides.push(coarseness(first.encoding) - coarseness(second.encoding), grid.scale);
  return {
    values: Float64Array.from(values),
    sides: Float64Array.from(sides),
    altered,
    luma: Math.sqrt(meanSquare(y.data)),
    chroma: Math.sqrt(Math.max(meanSquare(cb.data), meanSquare(cr.data))),
  };
}
