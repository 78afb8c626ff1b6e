/** Kept pictures for people to look at: never the bytes that came, always a PNG of the decoded pixels. */
import sharp from 'sharp';
import { readAll } from './collect.ts';
import type { BodyStore, Hex, Limits } from './domain/index.ts';

/** Longest side of a preview: what two pictures side by side need on a wide screen. */
const LONGEST_SIDE = 1600;

/**
 * A preview of the picture stored under a digest: upright, sRGB, no metadata. Undefined where there is none, or where
 * it does not decode within `limits.pixels`.
 */
export const previewOf =
  (bodies: BodyStore, limits: Pick<Limits, 'pixels'>) =>
  async (sha256: Hex): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    const body = await bodies.get(sha256);
    if (body === undefined) return undefined;
    try {
      const png = await sharp(await readAll(body.stream), { limitInputPixels: limits.pixels, failOn: 'none' })
        .rotate()
        .resize(LONGEST_SIDE, LONGEST_SIDE, { fit: 'inside', withoutEnlargement: true })
        .png()
        .toBuffer();
      return new Uint8Array(png);
    } catch {
      // Hostile by assumption: what no decoder takes is offered as a download only.
      return undefined;
    }
  };
