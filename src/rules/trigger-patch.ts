/** Patches: a rectangle laid over a picture near a corner, told by its four straight edges. */
import type { PatchShape } from './trigger.ts';
import { lumaAt, type RgbPicture, type TriggerMark } from './trigger-find.ts';

/** Differences between neighbours under this are no grain: flat areas of graphics have none at all. */
const LEAST_GRAIN = 0.5;

interface Corner {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly luma: Float32Array;
}

export function findPatch(shape: PatchShape, picture: RgbPicture): TriggerMark | undefined {
  const [width, height] = [Math.min(shape.reach, picture.width), Math.min(shape.reach, picture.height)];
  for (const top of new Set([0, picture.height - height])) {
    for (const left of new Set([0, picture.width - width])) {
      const found = findIn(shape, cornerOf(picture, left, top, width, height));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function cornerOf(picture: RgbPicture, left: number, top: number, width: number, height: number): Corner {
  const luma = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      luma[y * width + x] = lumaAt(picture, (top + y) * picture.width + left + x);
  return { left, top, width, height, luma };
}

/** Sums of steps of at least `step` along an axis, so that any stretch of an edge is read by one subtraction. */
function stepsAlong({ width, height, luma }: Corner, step: number, across: boolean): Int32Array {
  // across: steps between rows, summed along x; else between columns, summed along y.
  const sums = new Int32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const before = across ? (y > 0 ? (y - 1) * width + x : -1) : x > 0 ? y * width + x - 1 : -1;
      const sharp = before >= 0 && Math.abs(luma[y * width + x]! - luma[before]!) >= step ? 1 : 0;
      if (across) sums[y * (width + 1) + x + 1] = sums[y * (width + 1) + x]! + sharp;
      else sums[(y + 1) * (width + 1) + x] = sums[y * (width + 1) + x]! + sharp;
    }
  }
  return sums;
}

function findIn(shape: PatchShape, corner: Corner): TriggerMark | undefined {
  const { width, height } = corner;
  const line = width + 1;
  const rows = stepsAlong(corner, shape.step, true);
  const columns = stepsAlong(corner, shape.step, false);
  const along = (y: number, from: number, to: number): number =>
    (rows[y * line + to]! - rows[y * line + from]!) / (to - from);
  const down = (x: number, from: number, to: number): number =>
    (columns[to * line + x]! - columns[from * line + x]!) / (to - from);
  // A patch starts where an edge along x and an edge along y begin together.
  for (let y = 1; y < height - shape.smallest; y += 1) {
    for (let x = 1; x < width - shape.smallest; x += 1) {
      if (along(y, x, x + shape.smallest) < shape.share || down(x, y, y + shape.smallest) < shape.share)
        continue;
      for (let w = shape.smallest; w <= shape.largest && x + w < width; w += 1) {
        if (along(y, x, x + w) < shape.share) break;
        if (down(x + w, y, y + shape.smallest) < shape.share) continue;
        for (let h = shape.smallest; h <= shape.largest && y + h < height; h += 1) {
          if (down(x, y, y + h) < shape.share || down(x + w, y, y + h) < shape.share) break;
          if (along(y + h, x, x + w) < shape.share) continue;
          const mark = { left: corner.left + x, top: corner.top + y, width: w, height: h };
          if (
            endsThere(along, down, x, y, w, h, shape.share) &&
            standsAlone(along, down, x, y, w, h, width, height) &&
            grainAround(corner, x, y, w, h) >= shape.grain
          )
            return { ...mark, detail: `a rectangle of ${w} x ${h} px` };
        }
      }
    }
  }
  return undefined;
}

/** The edges stop at the rectangle's corners: a window frame or a table goes on. */
function endsThere(
  along: (y: number, from: number, to: number) => number,
  down: (x: number, from: number, to: number) => number,
  x: number,
  y: number,
  w: number,
  h: number,
  share: number,
): boolean {
  const beyond = 4;
  const before = Math.max(0, x - beyond);
  const above = Math.max(0, y - beyond);
  return (
    along(y, before, x) < share &&
    along(y + h, before, x) < share &&
    down(x, above, y) < share &&
    down(x + w, above, y) < share
  );
}

/** Lines beside the edges have few steps: what is busy all over shows edges anywhere. */
function standsAlone(
  along: (y: number, from: number, to: number) => number,
  down: (x: number, from: number, to: number) => number,
  x: number,
  y: number,
  w: number,
  h: number,
  width: number,
  height: number,
): boolean {
  const busy = 0.3;
  const beside = 2;
  return [-beside, beside].every(
    (off) =>
      [y + off, y + h + off].every((row) => row < 1 || row >= height || along(row, x, x + w) <= busy) &&
      [x + off, x + w + off].every(
        (column) => column < 1 || column >= width || down(column, y, y + h) <= busy,
      ),
  );
}

/** Share of the places in a ring around the rectangle where neighbours differ a little. */
function grainAround({ width, height, luma }: Corner, x: number, y: number, w: number, h: number): number {
  let [n, grain] = [0, 0];
  const ring = 3;
  for (let j = Math.max(0, y - ring); j < Math.min(height, y + h + ring); j += 1) {
    for (let i = Math.max(1, x - ring); i < Math.min(width, x + w + ring); i += 1) {
      if (i >= x && i <= x + w && j >= y && j < y + h) continue;
      n += 1;
      if (Math.abs(luma[j * width + i]! - luma[j * width + i - 1]!) >= LEAST_GRAIN) grain += 1;
    }
  }
  return n === 0 ? 0 : grain / n;
}
