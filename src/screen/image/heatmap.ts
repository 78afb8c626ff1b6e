/** Where the evidence of a perturbation lies, as a small transparent PNG of the picture's shape. Node only. */
import sharp from 'sharp';
import type { ImageView } from '../../domain/index.ts';
import type { Detector } from './detector.ts';

/** Longest side in pixels: cells are 32 pixels of the picture, so more would show nothing more. */
const LONGEST_SIDE = 512;
/** Log odds at which a cell is at its strongest. */
const FULL = 6;

/** Undefined for pictures that are too small for tiles. Throws where no model can be had. */
export async function heatmapOf(
  view: ImageView,
  load: () => Promise<Detector>,
): Promise<Uint8Array | undefined> {
  const { cells } = (await load()).heat(view);
  if (cells.length === 0) return undefined;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(view.width, view.height));
  const width = Math.max(1, Math.round(view.width * scale));
  const height = Math.max(1, Math.round(view.height * scale));
  const pixels = new Uint8Array(width * height * 4);
  for (const { left, top, side, logit } of cells) {
    const [red, green, blue, alpha] = colourOf(logit);
    const [x1, y1] = [Math.min(width, (left + side) * scale), Math.min(height, (top + side) * scale)];
    for (let y = Math.floor(top * scale); y < y1; y += 1) {
      for (let x = Math.floor(left * scale); x < x1; x += 1) {
        const at = 4 * (y * width + x);
        // Tiles may overlap: the stronger cell is shown.
        if (pixels[at + 3]! > alpha) continue;
        pixels.set([red, green, blue, alpha], at);
      }
    }
  }
  const png = await sharp(pixels, { raw: { width, height, channels: 4 } })
    .png({ palette: true })
    .toBuffer();
  return new Uint8Array(png);
}

/** Blue where a cell speaks against a perturbation, red where it speaks for one, the clearer the more. */
function colourOf(logit: number): readonly [number, number, number, number] {
  const strength = Math.min(1, Math.abs(logit) / FULL);
  return logit > 0
    ? [230, 60, 30, Math.round(40 + 180 * strength)]
    : [40, 90, 200, Math.round(20 + 60 * strength)];
}
