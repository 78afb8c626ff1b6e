/** Frames of an animation: which are looked at, and which of them shows something else than those around it. */
import type { Frame } from '../domain/index.ts';
import { type Pixels, reduceLuma } from './pixels.ts';

/** Later frames that are decoded at most, spread evenly: an animation must not cost more than a few pictures. */
export const MOST_FRAMES = 12;
/** Side of the grid on which frames are held against each other. */
const GRID = 32;
/** Mean difference of luma from which two frames show different things, of 255. Motion and fades stay under it. */
const ANOTHER = 24;
/** A frame that stands out differs from both neighbours this many times as much as they do from each other. */
const STANDS_OUT = 4;
/** Fewer frames, or a larger share of odd ones, is something that blinks. */
const FEWEST_FRAMES = 4;
const MOST_ODD = 1 / 4;

/** Numbers, from 1, of the later frames to look at: all of them, or as many as `most` allows, the last among them. */
export function sampledFrames(frames: number, most = MOST_FRAMES): number[] {
  const count = Math.min(frames - 1, Math.max(0, most));
  return Array.from({ length: count }, (_, i) => 2 + Math.round(((i + 1) * (frames - 1)) / count) - 1);
}

const gridOf = (picture: Pixels): Float32Array =>
  reduceLuma(picture, Math.min(GRID, picture.width), Math.min(GRID, picture.height)).data;

function difference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return 255;
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += Math.abs(a[i]! - b[i]!);
  return sum / Math.max(1, a.length);
}

/**
 * Marks frames that differ from the one before and the one after, while those two show the same: what a viewer does not
 * notice in a fraction of a second and a loader that takes every frame keeps. A cut to another scene is none.
 */
export function markOdd(first: Pixels, later: ReadonlyArray<Pixels & { readonly number: number }>): Frame[] {
  const grids = [first, ...later].map(gridOf);
  const odd = later.map((_, i) => {
    const own = grids[i + 1]!;
    const before = grids[i]!;
    // The last one is followed by the first again, as animations loop.
    const after = grids[i + 2] ?? grids[0]!;
    const least = Math.min(difference(own, before), difference(own, after));
    return least >= ANOTHER && least >= STANDS_OUT * difference(before, after);
  });
  const rare = grids.length >= FEWEST_FRAMES && odd.filter(Boolean).length <= grids.length * MOST_ODD;
  return later.map((frame, i) => ({ ...frame, odd: rare && odd[i] === true }));
}
