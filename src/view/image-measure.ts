/** Digest and perceptual hashes of decoded pixels. Pure but for node:crypto; runs in the pool or inline. */
import { createHash } from 'node:crypto';
import type { Hex } from '../domain/index.ts';
import { pdqOf } from './pdq.ts';
import { phashOf } from './phash.ts';
import type { Pixels } from './pixels.ts';

export interface Measures {
  readonly pixelSha256: Hex;
  readonly pdq: Hex;
  readonly pdqQuality: number;
  readonly phash: Hex;
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
  const { hash, quality } = pdqOf(picture);
  return { pixelSha256, pdq: hash, pdqQuality: quality, phash: phashOf(picture) };
}
