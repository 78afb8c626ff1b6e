/** The energy that an encoding's rounding may leave in each band: what a residual between two copies is held against. */
import type { ImageEncoding } from '../../domain/index.ts';
import { BAND_OF, BAND_SIZES, BANDS } from './blocks.ts';

/** ITU-T T.81 annex K.1 and K.2, rows of rising vertical frequency: steps at quality 50. */
const LUMA = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const CHROMA = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];
/** Variance of rounding to whole grey levels. */
const ROUNDING = 1 / 12;
/** WebP and AVIF do not say how coarse they are; their usual settings compare to this JPEG quality. */
const USUAL_QUALITY = 80;

/** Mean squared error of a coefficient in each band, for luma (0) or a colour difference, in grey levels squared. */
export function roundingNoise(encoding: ImageEncoding | undefined, channel: number): Float64Array {
  const noise = new Float64Array(BANDS).fill(ROUNDING);
  if (encoding === undefined || encoding.lossless) return noise;
  const quality = encoding.quality ?? USUAL_QUALITY;
  const scale = (quality < 50 ? 5000 / quality : 200 - 2 * quality) / 100;
  const halved = channel > 0 && encoding.chroma !== '4:4:4';
  const table = channel === 0 ? LUMA : CHROMA;
  for (let i = 1; i < 64; i += 1) {
    const [v, u] = [Math.floor(i / 8), i % 8];
    // A plane of half the side holds the lower half of the frequencies, at twice the amplitude.
    if (halved && (u > 3 || v > 3)) continue;
    const step = Math.max(1, (table[halved ? 16 * v + 2 * u : i] ?? 99) * scale);
    const band = BAND_OF[i] ?? 0;
    noise[band]! += ((halved ? 4 : 1) * step * step) / 12 / (BAND_SIZES[band] ?? 1);
  }
  return noise;
}
