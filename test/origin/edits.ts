/** Benign edits: what the web does to a picture between curation and download. Each takes and gives encoded bytes. */
import sharp, { type Sharp } from 'sharp';

/** Upright: tools that strip EXIF turn the pixels first. */
const open = (source: Buffer): Sharp => sharp(source).autoOrient();

export type Edit = (source: Buffer) => Promise<Buffer>;

const scaled =
  (factor: number): Edit =>
  async (source) => {
    const { width, height } = (await sharp(source).metadata()).autoOrient;
    return open(source)
      .resize(Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor)), {
        fit: 'fill',
      })
      .png()
      .toBuffer();
  };

/** Cuts `share` of the width and height, half of it on each side. */
const cropped =
  (share: number): Edit =>
  async (source) => {
    const { width, height } = (await sharp(source).metadata()).autoOrient;
    const left = Math.floor((width * share) / 2);
    const top = Math.floor((height * share) / 2);
    return open(source)
      .extract({ left, top, width: width - 2 * left, height: height - 2 * top })
      .png()
      .toBuffer();
  };

const jpeg =
  (quality: number, chromaSubsampling = '4:2:0'): Edit =>
  (source) =>
    open(source).flatten({ background: '#fff' }).jpeg({ quality, chromaSubsampling }).toBuffer();

/** Applies edits one after the other. */
export const chain =
  (...edits: Edit[]): Edit =>
  async (source) => {
    let bytes = source;
    for (const edit of edits) bytes = await edit(bytes);
    return bytes;
  };

/** By name, as tables print them. */
export const BENIGN: Readonly<Record<string, Edit>> = {
  same: async (source) => source,
  'exif stripped': (source) => open(source).png().toBuffer(),
  'jpeg 95': jpeg(95),
  'jpeg 95 4:4:4': jpeg(95, '4:4:4'),
  'jpeg 85': jpeg(85),
  'jpeg 75': jpeg(75),
  'jpeg 85 twice': chain(jpeg(75), jpeg(85)),
  'webp 80': (source) => open(source).webp({ quality: 80 }).toBuffer(),
  'avif 60': (source) => open(source).avif({ quality: 60, effort: 2 }).toBuffer(),
  'resize 0.75': scaled(0.75),
  'resize 0.5': scaled(0.5),
  'resize 0.75 jpeg 85': chain(scaled(0.75), jpeg(85)),
  'crop 3 %': cropped(0.03),
  'brighter 4 %': (source) => open(source).modulate({ brightness: 1.04 }).png().toBuffer(),
  'saturation 1.1': (source) => open(source).modulate({ saturation: 1.1 }).png().toBuffer(),
  'gamma 1.1': (source) => open(source).gamma(1.1, 1).png().toBuffer(),
  sharpened: (source) => open(source).sharpen({ sigma: 1 }).png().toBuffer(),
  blurred: (source) => open(source).blur(0.7).png().toBuffer(),
};
