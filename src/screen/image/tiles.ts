/** The tiles of a picture that are judged: at most four of 128 pixels, at native resolution. Portable. */
import type { Pixels } from '../../view/pixels.ts';

export const TILE = 128;
/** Under this a side holds one tile. */
const TWO_TILES = 160;

export interface Tiles {
  readonly origins: ReadonlyArray<{ readonly left: number; readonly top: number }>;
  /** RGB of all tiles, one after the other, row by row. */
  readonly rgb: Uint8Array;
}

/** Where tiles begin along an axis: on multiples of 8, so that a JPEG's blocks stay whole. @see docs/adr/image-model.md */
function originsAlong(n: number): number[] {
  if (n < TILE) return [];
  const whole = (at: number): number => Math.floor(at / 8) * 8;
  if (n < TWO_TILES) return [whole(Math.floor((n - TILE) / 2))];
  const clamp = (at: number): number => Math.max(0, Math.min(n - TILE, at));
  return [clamp(Math.floor(n / 4) - TILE / 2), clamp(Math.floor((3 * n) / 4) - TILE / 2)].map(whole);
}

/** In reading order; none for a picture with a side under 128. */
export function tilesOf({ width, height, pixels }: Pixels): Tiles {
  const origins = originsAlong(height).flatMap((top) => originsAlong(width).map((left) => ({ left, top })));
  const rgb = new Uint8Array(origins.length * TILE * TILE * 3);
  origins.forEach(({ left, top }, tile) => {
    for (let y = 0; y < TILE; y += 1) {
      const from = 3 * ((top + y) * width + left);
      rgb.set(pixels.subarray(from, from + 3 * TILE), 3 * TILE * (tile * TILE + y));
    }
  });
  return { origins, rgb };
}
