/** The heat map has the picture's shape, stays small, and shows cells where there were tiles. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageView } from '../../../src/domain/index.ts';
import type { Detector } from '../../../src/screen/image/detector.ts';
import { heatmapOf } from '../../../src/screen/image/heatmap.ts';

const cell = (left: number, top: number, logit: number) => ({ left, top, side: 32, logit });
const detector = (cells: ReadonlyArray<ReturnType<typeof cell>>) => async () =>
  ({ heat: () => ({ cells }) }) as unknown as Detector;
const view = { width: 1024, height: 512 } as ImageView;

describe('heat map', () => {
  it('is red where something speaks for a perturbation, blue where against, clear elsewhere', async () => {
    const png = await heatmapOf(view, detector([cell(0, 0, 5), cell(512, 256, -5)]));
    const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([512, 256]);
    const at = (x: number, y: number) => [...data.subarray(4 * (512 * y + x), 4 * (512 * y + x) + 4)];
    const [red = 0, , blue = 0] = at(4, 4);
    expect(red).toBeGreaterThan(blue);
    const [red2 = 0, , blue2 = 0] = at(260, 132);
    expect(blue2).toBeGreaterThan(red2);
    expect(at(100, 200)[3]).toBe(0);
  });

  it('is none where nothing was judged', async () => {
    expect(await heatmapOf(view, detector([]))).toBeUndefined();
  });
});
