/** Compares two pictures: the same pixels, the same picture in another form, or another picture. */
import type { ImageComparison, ImageView, Ratio } from '../domain/index.ts';
import { hammingDistance } from '../view/pdq.ts';
import { lumaOfPlanes, type Pixels, type Plane, reduceRgb } from '../view/pixels.ts';
import { type Alignment, align, commonWindows, solve } from './image-align.ts';

/** Points of a side of the grid on which the parts that both pictures show are held against each other. */
const GRID = 64;
/** Points of a side of the blocks in which a local change is looked for. */
const BLOCK = 8;

/**
 * What the same picture keeps at least, after everything in test/origin/edits.ts, and another one never has
 * (`npm run bench -- image` prints both distributions).
 */
const SAME_PICTURE = {
  /** Share of either picture that the other shows too. Thumbnails are cropped, but most of the picture stays. */
  coverage: 0.6,
  correlation: 0.85,
  detail: 0.9,
  blockDifference: 0.06,
  /** Allowed mean difference: a flat picture is its colour, a rich one may be a shade brighter. */
  flatDifference: 0.04,
  richDifference: 0.12,
} as const;
/** Deviation of grey levels that noise and dithering leave in a flat picture. */
const FLAT_VARIANCE = 0.5;

export interface ImageDistances {
  readonly alignment: Alignment;
  /** Share of the picture that shows more which the other one shows too. */
  readonly coverage: Ratio;
  /** Correlation of luma on the grid, -1 to 1; 1 where both are flat. */
  readonly correlation: number;
  /** Correlation of what stands out from its neighbours, -1 to 1; 1 where nothing does in either. */
  readonly detail: number;
  /** Mean difference of all channels, 0 to 1. */
  readonly meanDifference: Ratio;
  /** Mean difference in the block that differs most, after tone and colour were fitted, 0 to 1. */
  readonly blockDifference: Ratio;
  /** Deviation of the reference's luma, 0 to 1: how much there is to see. */
  readonly contrast: Ratio;
}

interface Moments {
  readonly correlation: number;
  readonly varianceB: number;
}

/** Correlation with a floor under both variances, so that two flat pictures agree and noise alone decides nothing. */
function correlate(a: Float32Array, b: Float32Array, floor: number): Moments {
  const n = a.length;
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i += 1) {
    sumA += a[i]!;
    sumB += b[i]!;
    sumAA += a[i]! * a[i]!;
    sumBB += b[i]! * b[i]!;
    sumAB += a[i]! * b[i]!;
  }
  if (n === 0) return { correlation: 1, varianceB: 0 };
  const varA = Math.max(0, sumAA / n - (sumA / n) ** 2);
  const varB = Math.max(0, sumBB / n - (sumB / n) ** 2);
  const covariance = sumAB / n - (sumA / n) * (sumB / n);
  return { correlation: (covariance + floor) / Math.sqrt((varA + floor) * (varB + floor)), varianceB: varB };
}

/** What stands out from its eight neighbours. */
function detailOf({ width, height, data }: Plane): Float32Array {
  const out = new Float32Array(Math.max(0, width - 2) * Math.max(0, height - 2));
  for (let y = 1, at = 0; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1, at += 1) {
      let sum = 0;
      for (let dy = -width; dy <= width; dy += width) {
        for (let dx = -1; dx <= 1; dx += 1) sum += data[y * width + x + dy + dx]!;
      }
      out[at] = data[y * width + x]! - sum / 9;
    }
  }
  return out;
}

type Rgb = readonly [Plane, Plane, Plane];

/** `target` as the best affine mix of the three channels of `from`, drawn towards leaving channel `own` as it is. */
function fitColour(from: Rgb, target: Plane, own: number): Float32Array {
  const normal = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
  const right = [0, 0, 0, 0];
  const n = target.data.length;
  for (let p = 0; p < n; p += 1) {
    const row = [from[0].data[p]!, from[1].data[p]!, from[2].data[p]!, 1];
    const error = target.data[p]! - row[own]!;
    for (let i = 0; i < 4; i += 1) {
      right[i]! += row[i]! * error;
      for (let j = 0; j < 4; j += 1) normal[i]![j]! += row[i]! * row[j]!;
    }
  }
  for (let i = 0; i < 3; i += 1) normal[i]![i]! += 10 * n;
  const mix = solve(normal, right) ?? [0, 0, 0, 0];
  const out = new Float32Array(n);
  for (let p = 0; p < n; p += 1) {
    const mixed = mix[0]! * from[0].data[p]! + mix[1]! * from[1].data[p]! + mix[2]! * from[2].data[p]!;
    out[p] = from[own]!.data[p]! + mixed + mix[3]!;
  }
  return out;
}

/** Distances between what both pictures show, laid over each other. */
export function imageDistances(crawler: Pixels, reference: Pixels): ImageDistances {
  const alignment = align(crawler, reference, 128);
  const windows = commonWindows(crawler, reference, alignment);
  const cells = (side: number): number => Math.max(1, Math.min(GRID, Math.floor(side)));
  const width = cells(Math.min(windows.other.width, windows.reference.width));
  const height = cells(Math.min(windows.other.height, windows.reference.height));
  const a = reduceRgb(crawler, width, height, windows.other);
  const b = reduceRgb(reference, width, height, windows.reference);
  const [lumaA, lumaB] = [lumaOfPlanes(a), lumaOfPlanes(b)];
  const { correlation, varianceB } = correlate(lumaA.data, lumaB.data, FLAT_VARIANCE);
  const across = Math.ceil(width / BLOCK);
  const blocks = new Float64Array(across * Math.ceil(height / BLOCK));
  const counts = new Float64Array(blocks.length);
  let sum = 0;
  for (let k = 0; k < 3; k += 1) {
    const fitted = fitColour(a, b[k]!, k);
    for (let i = 0; i < fitted.length; i += 1) {
      const block = Math.floor(Math.floor(i / width) / BLOCK) * across + Math.floor((i % width) / BLOCK);
      sum += Math.abs(a[k]!.data[i]! - b[k]!.data[i]!);
      blocks[block]! += Math.abs(fitted[i]! - b[k]!.data[i]!);
      counts[block]! += 1;
    }
  }
  return {
    alignment,
    coverage: Math.min(
      (windows.other.width * windows.other.height) / (crawler.width * crawler.height),
      (windows.reference.width * windows.reference.height) / (reference.width * reference.height),
    ),
    correlation,
    detail: correlate(detailOf(lumaA), detailOf(lumaB), FLAT_VARIANCE).correlation,
    meanDifference: sum / (3 * width * height * 255),
    blockDifference: blocks.reduce((most, total, i) => Math.max(most, total / counts[i]!), 0) / 255,
    contrast: Math.sqrt(varianceB) / 255,
  };
}

/** Why the pictures are not the same one; undefined where they are. */
function objection(distances: ImageDistances): string | undefined {
  const least = SAME_PICTURE;
  const { coverage, correlation, detail, blockDifference, meanDifference, contrast } = distances;
  const allowed = Math.min(least.richDifference, least.flatDifference + contrast);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  if (coverage < least.coverage) return `they share only ${percent(coverage)} of what they show`;
  if (correlation < least.correlation) return `their layouts correlate only ${correlation.toFixed(2)}`;
  if (detail < least.detail) return `their details correlate only ${detail.toFixed(2)}`;
  if (blockDifference > least.blockDifference)
    return `one part differs by ${percent(blockDifference)} of full scale`;
  if (meanDifference > allowed) return `their colours differ by ${percent(meanDifference)} of full scale`;
  return undefined;
}

/** Pictures that were compared before: a crawler's view meets the same references in more than one check. */
const compared = new WeakMap<ImageView, WeakMap<ImageView, ImageComparison>>();

/**
 * Same pixels; or similar: recompressed, resized, slightly cropped or recoloured, in another format; or different.
 * Decided on pixels laid over each other, not on hashes, so that flat pictures are judged as well.
 */
export function compareImages(crawler: ImageView, reference: ImageView): ImageComparison {
  const comparison = compared.get(crawler)?.get(reference) ?? compareFresh(crawler, reference);
  rememberComparison(crawler, reference, comparison);
  return comparison;
}

/** Takes over a comparison that was made in another thread, so that `compareImages` need not repeat it. */
export function rememberComparison(
  crawler: ImageView,
  reference: ImageView,
  comparison: ImageComparison,
): void {
  const known = compared.get(crawler) ?? new WeakMap<ImageView, ImageComparison>();
  compared.set(crawler, known.set(reference, comparison));
}

/** Larger pictures are read once, to this side, for all their comparisons: the grid needs no more. */
const THUMBNAIL = 256;
const thumbnails = new WeakMap<ImageView, Pixels>();

function thumbnailOf(view: ImageView): Pixels {
  const scale = THUMBNAIL / Math.max(view.width, view.height);
  if (scale >= 1) return view;
  const known = thumbnails.get(view);
  if (known) return known;
  const width = Math.max(1, Math.round(view.width * scale));
  const height = Math.max(1, Math.round(view.height * scale));
  const pixels = new Uint8Array(width * height * 3);
  for (const [channel, { data }] of reduceRgb(view, width, height).entries()) {
    for (let i = 0; i < data.length; i += 1) pixels[3 * i + channel] = data[i]! + 0.5;
  }
  const thumbnail = { width, height, pixels };
  thumbnails.set(view, thumbnail);
  return thumbnail;
}

function compareFresh(crawler: ImageView, reference: ImageView): ImageComparison {
  const pdqDistance = hammingDistance(crawler.pdq, reference.pdq);
  const sizes = `${crawler.format} ${crawler.width} x ${crawler.height}, ${reference.format} ${reference.width} x ${reference.height}`;
  if (crawler.pixelSha256 === reference.pixelSha256) {
    return {
      relation: 'same-pixels',
      pdqDistance,
      meanDifference: 0,
      summary: `The same pixels (${sizes}).`,
    };
  }
  const distances = imageDistances(thumbnailOf(crawler), thumbnailOf(reference));
  const { meanDifference } = distances;
  const reason = objection(distances);
  const numbers = `${sizes}, PDQ distance ${pdqDistance} of 256, mean difference ${(100 * meanDifference).toFixed(1)} %`;
  return reason
    ? {
        relation: 'different',
        pdqDistance,
        meanDifference,
        summary: `Another picture: ${reason} (${numbers}).`,
      }
    : {
        relation: 'similar',
        pdqDistance,
        meanDifference,
        summary: `The same picture in another form (${numbers}).`,
      };
}
