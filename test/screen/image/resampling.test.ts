/** Enlarged pictures are told by their period, others show none. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { resamplingOf } from '../../../src/screen/image/resampling.ts';
import { scene } from '../../origin/pictures.ts';

const raw = { width: 400, height: 300, channels: 3 as const };
const grainy = Buffer.from(scene(3, raw.width, raw.height));
const enlarged = async (factor: number, kernel: 'linear' | 'cubic') => {
  const { data, info } = await sharp(grainy, { raw })
    .resize(Math.round(raw.width * factor), Math.round(raw.height * factor), { kernel })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: new Uint8Array(data) };
};

describe('resampling', () => {
  it.each([
    [1.3, 'linear'],
    [1.5, 'linear'],
    [1.7, 'cubic'],
  ] as const)('of %d, %s, is found by its period', async (factor, kernel) => {
    const { factor: period, strength } = resamplingOf(await enlarged(factor, kernel));
    expect(strength).toBeGreaterThan(9);
    // A factor under 2 folds: its period is seen as itself or as its alias.
    const frequency = 1 / factor;
    expect([frequency, 1 - frequency].some((one) => Math.abs(one - 1 / period) < 0.01)).toBe(true);
  });

  it('is not seen in pictures as they were made, in flat ones, in tiny ones', () => {
    for (const seed of [1, 2, 3, 4, 5])
      expect(resamplingOf({ width: 400, height: 300, pixels: scene(seed, 400, 300) })).toEqual({
        factor: 1,
        strength: 0,
      });
    expect(resamplingOf({ width: 300, height: 300, pixels: new Uint8Array(270_000) }).factor).toBe(1);
    expect(resamplingOf({ width: 4, height: 4, pixels: new Uint8Array(48) }).factor).toBe(1);
  });
});
