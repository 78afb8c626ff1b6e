/** Lays one picture over another: which part of it, at which scale, shows the same scene. */
import { type Pixels, type Plane, reduceLuma, reducePlane, type Window } from '../view/pixels.ts';

/**
 * Where a point of the reference lies in the other picture, both axes from 0 to 1:
 * `x = scaleX * u + shiftX`, `y = scaleY * v + shiftY`. A plain resize is `1, 0, 1, 0`.
 */
export interface Placement {
  readonly scaleX: number;
  readonly shiftX: number;
  readonly scaleY: number;
  readonly shiftY: number;
}

export interface Alignment extends Placement {
  /** Normalised correlation of luma where both pictures have a point, -1 to 1. */
  readonly correlation: number;
  /** Share of the reference that lies inside the other picture. */
  readonly overlap: number;
}

const IDENTITY: Placement = { scaleX: 1, shiftX: 0, scaleY: 1, shiftY: 0 };
/** Side of the grid on which crops are searched by trying. */
const COARSE_SIDE = 24;
const STEPS = 8;
/** An alignment this good by itself needs no search for a crop. */
const GOOD = 0.98;
const LEAST_OVERLAP = 0.4;
/** A crop that fits no better than this was found by accident: flat and periodic pictures fit anywhere. */
const LEAST_CORRELATION = 0.7;

/** Luma on grids whose longer sides are `sides`, each with the picture's own aspect; the longest is read from pixels. */
export function pyramidOf(picture: Pixels, sides: readonly number[]): Plane[] {
  const longest = Math.max(picture.width, picture.height);
  const fitted = (own: number, side: number): number =>
    Math.max(Math.min(4, own), Math.min(own, Math.round((own * side) / longest)));
  const planes: Plane[] = [];
  for (const side of [...sides].sort((x, y) => y - x)) {
    const [width, height] = [fitted(picture.width, side), fitted(picture.height, side)];
    const last = planes[0];
    planes.unshift(last ? reducePlane(last, width, height) : reduceLuma(picture, width, height));
  }
  return planes;
}

/** Linear reading of a plane at a place in pixels, pixel centres at integers; the border is repeated. */
export function readAt({ width, height, data }: Plane, x: number, y: number): number {
  const cx = Math.max(0, Math.min(width - 1.0001, x));
  const cy = Math.max(0, Math.min(height - 1.0001, y));
  const i = Math.floor(cx);
  const j = Math.floor(cy);
  const s = cx - i;
  const t = cy - j;
  const at = j * width + i;
  const right = i + 1 < width ? 1 : 0;
  const below = j + 1 < height ? width : 0;
  return (
    (data[at]! * (1 - s) + data[at + right]! * s) * (1 - t) +
    (data[at + below]! * (1 - s) + data[at + below + right]! * s) * t
  );
}

/** Every so manieth point in each direction is enough for six numbers. */
const strideOf = ({ data }: Plane): number => Math.max(1, Math.round(Math.sqrt(data.length / 8192)));

/** How well a placement fits on the grids given. */
export function fitOf(other: Plane, reference: Plane, placement: Placement): Alignment {
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  let asked = 0;
  const stride = strideOf(reference);
  for (let y = 0; y < reference.height; y += stride) {
    asked += Math.ceil(reference.width / stride);
    const v = placement.scaleY * ((y + 0.5) / reference.height) + placement.shiftY;
    if (v < 0 || v > 1) continue;
    for (let x = 0; x < reference.width; x += stride) {
      const u = placement.scaleX * ((x + 0.5) / reference.width) + placement.shiftX;
      if (u < 0 || u > 1) continue;
      const a = readAt(other, u * other.width - 0.5, v * other.height - 0.5);
      const b = reference.data[y * reference.width + x]!;
      n += 1;
      sumA += a;
      sumB += b;
      sumAA += a * a;
      sumBB += b * b;
      sumAB += a * b;
    }
  }
  const overlap = n / asked;
  const varA = sumAA - (sumA * sumA) / n;
  const varB = sumBB - (sumB * sumB) / n;
  const flat = n === 0 || varA / n < 1e-6 || varB / n < 1e-6;
  const correlation = flat ? 0 : (sumAB - (sumA * sumB) / n) / Math.sqrt(varA * varB);
  return { ...placement, correlation, overlap };
}

/** Solves a symmetric positive system in place by Gauss elimination; undefined where it is singular. */
export function solve(matrix: number[][], vector: number[]): number[] | undefined {
  const n = vector.length;
  const rows = matrix.map((row, i) => [...row, vector[i] ?? 0]);
  for (let i = 0; i < n; i += 1) {
    let pivot = i;
    for (let k = i + 1; k < n; k += 1) if (Math.abs(rows[k]![i]!) > Math.abs(rows[pivot]![i]!)) pivot = k;
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    if (Math.abs(rows[i]![i]!) < 1e-12) return undefined;
    for (let k = 0; k < n; k += 1) {
      if (k === i) continue;
      const factor = rows[k]![i]! / rows[i]![i]!;
      if (factor !== 0) for (let j = i; j <= n; j += 1) rows[k]![j]! -= factor * rows[i]![j]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}

/** One Gauss-Newton step on placement, gain and offset of brightness. @see Lucas and Kanade 1981 */
function step(other: Plane, reference: Plane, placement: Placement): Placement | undefined {
  const normal = Array.from({ length: 6 }, () => new Array<number>(6).fill(0));
  const right = new Array<number>(6).fill(0);
  const row = new Float64Array(6);
  const stride = strideOf(reference);
  for (let y = 0; y < reference.height; y += stride) {
    const v = (y + 0.5) / reference.height;
    const py = (placement.scaleY * v + placement.shiftY) * other.height - 0.5;
    if (py < 0.5 || py > other.height - 1.5) continue;
    for (let x = 0; x < reference.width; x += stride) {
      const u = (x + 0.5) / reference.width;
      const px = (placement.scaleX * u + placement.shiftX) * other.width - 0.5;
      if (px < 0.5 || px > other.width - 1.5) continue;
      const gx = (readAt(other, px + 0.5, py) - readAt(other, px - 0.5, py)) * other.width;
      const gy = (readAt(other, px, py + 0.5) - readAt(other, px, py - 0.5)) * other.height;
      const a = readAt(other, px, py);
      const b = reference.data[y * reference.width + x]!;
      // b = gain * a(moved) + offset, to first order in the move; the gain enters as 1 + row[4].
      row[0] = gx * u;
      row[1] = gx;
      row[2] = gy * v;
      row[3] = gy;
      row[4] = a;
      row[5] = 1;
      const error = b - a;
      for (let i = 0; i < 6; i += 1) {
        right[i]! += row[i]! * error;
        for (let j = i; j < 6; j += 1) normal[i]![j]! += row[i]! * row[j]!;
      }
    }
  }
  for (let i = 0; i < 6; i += 1) {
    for (let j = 0; j < i; j += 1) normal[i]![j] = normal[j]![i]!;
    normal[i]![i]! *= 1 + 1e-6;
  }
  const move = solve(normal, right);
  if (!move) return undefined;
  const gain = Math.max(0.3, 1 + move[4]!);
  return {
    scaleX: placement.scaleX + move[0]! / gain,
    shiftX: placement.shiftX + move[1]! / gain,
    scaleY: placement.scaleY + move[2]! / gain,
    shiftY: placement.shiftY + move[3]! / gain,
  };
}

/** Mirrored pictures and ones far larger or smaller are no crop of one another. */
const plausible = ({ scaleX, scaleY }: Placement): boolean =>
  Math.min(scaleX, scaleY) >= 0.4 && Math.max(scaleX, scaleY) <= 2.5;

/** Steps on one grid as long as they help. */
function refine(other: Plane, reference: Plane, start: Alignment): Alignment {
  let best = start;
  for (let i = 0; i < STEPS; i += 1) {
    const next = step(other, reference, best);
    if (!next) return best;
    const fit = fitOf(other, reference, next);
    if (fit.correlation <= best.correlation || fit.overlap < LEAST_OVERLAP || !plausible(fit)) return best;
    const gain = fit.correlation - best.correlation;
    best = fit;
    if (gain < 1e-7) return best;
  }
  return best;
}

/** Tries windows of the other picture, and of the reference, on a coarse grid: for crops beyond what steps can find. */
function search(other: Plane, reference: Plane): Alignment {
  const aspect = other.width / other.height / (reference.width / reference.height);
  let best = fitOf(other, reference, IDENTITY);
  for (const scale of [1, 0.9, 0.8, 0.65, 1.1, 1.25, 1.5]) {
    // Uniform scaling of the scene, or the squeeze of a plain resize.
    for (const [scaleX, scaleY] of [
      [scale * Math.min(1, 1 / aspect), scale * Math.min(1, aspect)],
      [scale, scale],
    ] as const) {
      for (let i = 0; i <= 8; i += 1) {
        for (let j = 0; j <= 8; j += 1) {
          const shiftX = ((1 - scaleX) * i) / 8;
          const shiftY = ((1 - scaleY) * j) / 8;
          const fit = fitOf(other, reference, { scaleX, scaleY, shiftX, shiftY });
          if (fit.overlap >= LEAST_OVERLAP && fit.correlation > best.correlation) best = fit;
        }
      }
      if (aspect === 1) break;
    }
  }
  return best;
}

/**
 * Lays `other` over `reference`, from coarse to fine, up to grids of `side` points.
 * Flat pictures have a correlation of 0 and are laid corner to corner.
 */
export function align(other: Pixels, reference: Pixels, side: number): Alignment {
  const sides = [COARSE_SIDE, 32, 64, 128, 256, 512].filter((level) => level <= side);
  const [coarseOther, ...others] = pyramidOf(other, sides);
  const [coarseReference, ...references] = pyramidOf(reference, sides);
  const climb = (start: Placement): Alignment =>
    others.reduce<Alignment>(
      (placement, plane, level) =>
        refine(plane, references[level]!, fitOf(plane, references[level]!, placement)),
      { ...start, correlation: 0, overlap: 1 },
    );
  const plain = climb(IDENTITY);
  if (plain.correlation >= GOOD) return plain;
  const cropped = climb(search(coarseOther!, coarseReference!));
  const best = cropped.correlation > plain.correlation ? cropped : plain;
  return best.correlation >= LEAST_CORRELATION ? best : fitOf(others.at(-1)!, references.at(-1)!, IDENTITY);
}

/** The part that both pictures show, as a window of each. Both windows show the same scene. */
export function commonWindows(
  other: Pixels,
  reference: Pixels,
  placement: Placement,
): { other: Window; reference: Window } {
  const axis = (scale: number, shift: number): { begin: number; end: number } => {
    const [low, high] = [(0 - shift) / scale, (1 - shift) / scale];
    return { begin: Math.max(0, Math.min(low, high)), end: Math.min(1, Math.max(low, high)) };
  };
  const u = axis(placement.scaleX, placement.shiftX);
  const v = axis(placement.scaleY, placement.shiftY);
  return {
    reference: {
      left: u.begin * reference.width,
      top: v.begin * reference.height,
      width: (u.end - u.begin) * reference.width,
      height: (v.end - v.begin) * reference.height,
    },
    other: {
      left: (placement.scaleX * u.begin + placement.shiftX) * other.width,
      top: (placement.scaleY * v.begin + placement.shiftY) * other.height,
      width: placement.scaleX * (u.end - u.begin) * other.width,
      height: placement.scaleY * (v.end - v.begin) * other.height,
    },
  };
}
