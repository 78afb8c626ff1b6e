/** One picture is laid over another where it belongs, to a fraction of a pixel. */
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { align, commonWindows, solve } from '../../src/compare/image-align.ts';
import type { Pixels } from '../../src/view/pixels.ts';
import { scene } from '../origin/pictures.ts';

const [width, height] = [320, 240];
const reference: Pixels = { width, height, pixels: scene(6, width, height) };

async function edited(edit: (picture: Sharp) => Sharp): Promise<Pixels> {
  const source = sharp(reference.pixels, { raw: { width, height, channels: 3 } });
  const { data, info } = await edit(source).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: new Uint8Array(data) };
}

describe('alignment', () => {
  it.each([
    ['itself', { left: 0, top: 0, width, height }, 1],
    ['a resize', { left: 0, top: 0, width, height }, 0.6],
    ['a small crop', { left: 7, top: 3, width: 300, height: 230 }, 1],
    ['a large crop', { left: 60, top: 40, width: 220, height: 180 }, 1],
    ['a crop and a resize', { left: 20, top: 30, width: 260, height: 190 }, 0.7],
  ])('%s lies where it was cut', async (_name, window, factor) => {
    const other = await edited((picture) =>
      picture
        .extract(window)
        .resize(Math.round(window.width * factor), Math.round(window.height * factor), { fit: 'fill' }),
    );
    const placement = align(other, reference, 256);
    const { reference: found } = commonWindows(other, reference, placement);
    expect(placement.correlation).toBeGreaterThan(0.95);
    for (const side of ['left', 'top', 'width', 'height'] as const) {
      expect(Math.abs(found[side] - window[side])).toBeLessThan(0.75);
    }
  });

  it('of brighter and flatter copies is the same', async () => {
    const other = await edited((picture) => picture.linear(0.8, 20));
    expect(align(other, reference, 128)).toMatchObject({ overlap: 1 });
    expect(align(other, reference, 128).correlation).toBeGreaterThan(0.999);
  });

  it('of another picture has no correlation and moves nothing', () => {
    const other: Pixels = { width, height, pixels: scene(99, width, height) };
    expect(align(other, reference, 128)).toMatchObject({ scaleX: 1, shiftX: 0, scaleY: 1, shiftY: 0 });
  });

  it('of flat pictures is corner to corner', () => {
    const flat: Pixels = { width: 50, height: 40, pixels: new Uint8Array(6000).fill(90) };
    expect(align(flat, reference, 128)).toMatchObject({ scaleX: 1, shiftX: 0, correlation: 0 });
  });
});

describe('solve', () => {
  it('gives the solution of a regular system and nothing for a singular one', () => {
    expect(
      solve(
        [
          [4, 1],
          [1, 3],
        ],
        [1, 2],
      )?.map((x) => Math.round(x * 11)),
    ).toEqual([1, 7]);
    expect(
      solve(
        [
          [1, 1],
          [1, 1],
        ],
        [1, 2],
      ),
    ).toBeUndefined();
  });
});
