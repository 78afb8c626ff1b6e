/** Stamps: a few cells at the end of the range in a corner of a picture. */
import type { StampShape } from './trigger.ts';
import { lumaAt, type RgbPicture, type TriggerMark } from './trigger-find.ts';

/** How far from the end of the range a stamped channel may lie: rounding and light compression. */
const TOLERANCE = 6;
/** Share of the surroundings that may stand at the stamp's end themselves. */
const MOST_ALIKE = 0.05;

type Rows = readonly string[];
const mirrored = (rows: Rows): Rows => rows.map((row) => [...row].reverse().join(''));
const flipped = (rows: Rows): Rows => [...rows].reverse();

/** A mark given for the bottom right corner, as it would stand in each corner. */
const CORNERS: ReadonlyArray<{ right: boolean; bottom: boolean; turn: (rows: Rows) => Rows }> = [
  { right: true, bottom: true, turn: (rows) => rows },
  { right: false, bottom: true, turn: mirrored },
  { right: true, bottom: false, turn: flipped },
  { right: false, bottom: false, turn: (rows) => flipped(mirrored(rows)) },
];

export function findStamp(shape: StampShape, picture: RgbPicture): TriggerMark | undefined {
  for (const { right, bottom, turn } of CORNERS) {
    const rows = turn(shape.rows);
    for (let cell = 1; cell <= shape.cell; cell += 1) {
      const [width, height] = [(rows[0]?.length ?? 0) * cell, rows.length * cell];
      for (let dy = 0; dy <= shape.reach; dy += 1) {
        for (let dx = 0; dx <= shape.reach; dx += 1) {
          const left = right ? picture.width - dx - width : dx;
          const top = bottom ? picture.height - dy - height : dy;
          if (left < 0 || top < 0 || left + width > picture.width || top + height > picture.height) continue;
          const end = endOf(picture, rows, cell, left, top);
          if (end !== undefined && standsOut(shape, picture, { rows, cell, left, top, end }))
            return {
              left,
              top,
              width,
              height,
              detail: `${shape.rows[0]?.length ?? 0} x ${shape.rows.length} cells of ${cell} px`,
            };
        }
      }
    }
  }
  return undefined;
}

/** The end of the range, 0 or 255, at which all `#` cells stand; undefined where they do not stand at one. */
function endOf(
  { width, pixels }: RgbPicture,
  rows: Rows,
  cell: number,
  left: number,
  top: number,
): 0 | 255 | undefined {
  let end: 0 | 255 | undefined;
  for (let y = 0; y < rows.length * cell; y += 1) {
    const row = rows[Math.floor(y / cell)]!;
    for (let x = 0; x < row.length * cell; x += 1) {
      if (row[Math.floor(x / cell)] !== '#') continue;
      const at = 3 * ((top + y) * width + left + x);
      end ??= pixels[at]! >= 128 ? 255 : 0;
      for (let channel = 0; channel < 3; channel += 1)
        if (Math.abs(pixels[at + channel]! - end) > TOLERANCE) return undefined;
    }
  }
  return end;
}

interface Placed {
  readonly rows: Rows;
  readonly cell: number;
  readonly left: number;
  readonly top: number;
  readonly end: 0 | 255;
}

/** The open cells and the ring around the mark are calm picture, far from the mark. */
function standsOut(shape: StampShape, picture: RgbPicture, { rows, cell, left, top, end }: Placed): boolean {
  const [width, height] = [(rows[0]?.length ?? 0) * cell, rows.length * cell];
  const ring = Math.max(2, cell);
  let [n, sum, squares, alike] = [0, 0, 0, 0];
  for (let y = Math.max(0, top - ring); y < Math.min(picture.height, top + height + ring); y += 1) {
    for (let x = Math.max(0, left - ring); x < Math.min(picture.width, left + width + ring); x += 1) {
      const inside = x >= left && x < left + width && y >= top && y < top + height;
      const open = inside && rows[Math.floor((y - top) / cell)]?.[Math.floor((x - left) / cell)] === '.';
      if (inside && !open) continue;
      const luma = lumaAt(picture, y * picture.width + x);
      if (open && shape.ground === 'opposite') {
        if (Math.abs(luma - (255 - end)) > TOLERANCE) return false;
        continue;
      }
      if (open && Math.abs(luma - end) < shape.contrast) return false;
      n += 1;
      sum += luma;
      squares += luma * luma;
      if (Math.abs(luma - end) <= TOLERANCE) alike += 1;
    }
  }
  const mean = sum / n;
  const deviation = Math.sqrt(Math.max(0, squares / n - mean * mean));
  return alike <= n * MOST_ALIKE && deviation <= shape.calm && Math.abs(mean - end) >= shape.contrast;
}
