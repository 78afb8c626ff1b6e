/** Decodes pictures in the thread that asks. Node only; src/screen/pool.ts has the one that leaves the event loop free. */
import type { ImageDecoder } from '../domain/index.ts';
import { decodePicture, readHead } from './decode.ts';
import { createPixelBudget } from './image-budget.ts';

/**
 * A decoder for every format libvips has. `limits.pixels` bounds a picture with its frames, and all that decode at the
 * same time together.
 */
export function createDecoder(limits: { pixels: number }): ImageDecoder {
  const budget = createPixelBudget(limits.pixels);
  return {
    async decode(bytes, mediaType) {
      const { area } = await readHead(bytes, limits.pixels);
      const giveBack = await budget.take(area);
      try {
        return await decodePicture(bytes, mediaType, limits);
      } finally {
        giveBack();
      }
    },
  };
}
