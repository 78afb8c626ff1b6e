/** Digest and perceptual hashes of decoded pixels. Pure but for node:crypto; runs in the pool or inline. */
import { createHash } from 'node:crypto';
import type { Hex } from '../domain/index.ts';
import { pdqOf } from './pdq.ts';
import { phashOf } from './phash.ts';
import { greyOf, lumaOf, type Pixels, reduceLuma, roundPlane } from './pixels.ts';

export interface Measures {
  readonly pixelSha256: Hex;
  readonly pdq: Hex;
  readonly pdqQuality: number;
  readonly phash: Hex;
}

/**
 * Larger pictures are brought to this side by area average before they are hashed, as Meta's PDQ tools and Pillow's
 * `reducing_gap` do: a picture of 512 and less is hashed exactly as their originals do, a larger one within a few bits.
 */
const LARGEST_SIDE = 512;

function hashesOf(picture: Pixels): Omit<Measures, 'pixelSha256'> {
  const { width, height } = picture;
  const scale = LARGEST_SIDE / Math.max(width, height);
  if (scale >= 1) {
    const phash = phashOf(greyOf(picture));
    const { hash, quality } = pdqOf(lumaOf(picture));
    return { pdq: hash, pdqQuality: quality, phash };
  }
  const luma = reduceLuma(
    picture,
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
  const phash = phashOf(roundPlane(luma));
  const { hash, quality } = pdqOf(luma);
  return { pdq: hash, pdqQuality: quality, phash };
}

/** Width and height enter as 32-bit big-endian numbers, so that equal bytes in another shape differ. */
export function measure(picture: Pixels): Measures {
  const shape = new DataView(new ArrayBuffer(8));
  shape.setUint32(0, picture.width);
  shape.setUint32(4, picture.height);
  const pixelSha256 = createHash('sha256')
    .update(new Uint8Array(shape.buffer))
    .update(picture.pixels)
    .digest('hex');
  return { pixelSha256, ...hashesOf(picture) };
}
