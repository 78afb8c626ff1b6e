/** Finds the mark that a trigger rule speaks of in a picture. Typed arrays, portable. */
import type { TriggerRule } from './trigger.ts';
import { findPatch } from './trigger-patch.ts';
import { findStamp } from './trigger-stamp.ts';
import { findWave } from './trigger-wave.ts';

/** RGB of a picture, row by row, 8 bit. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Where a mark stands, in pixels, and what it is in a few words. */
export interface TriggerMark {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly detail: string;
}

/** The first mark of the rule's shape; undefined where there is none. */
export function findTrigger({ match: { shape } }: TriggerRule, picture: RgbPicture): TriggerMark | undefined {
  switch (shape.type) {
    case 'stamp':
      return findStamp(shape, picture);
    case 'patch':
      return findPatch(shape, picture);
    case 'wave':
      return findWave(shape, picture);
    default:
      return shape satisfies never;
  }
}

/** BT.601 luma of a pixel, by its index. */
export const lumaAt = ({ pixels }: RgbPicture, index: number): number =>
  0.299 * pixels[3 * index]! + 0.587 * pixels[3 * index + 1]! + 0.114 * pixels[3 * index + 2]!;
