/** Benign edits on pixels: what people, cameras and programs do without wanting to poison anybody. */
import sharp, { type Sharp } from 'sharp';
import { chance } from '../../origin/pictures.ts';

export interface Raw {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
}

type Draw = () => number;
type Touch = (raw: Raw, draw: Draw) => Raw | Promise<Raw>;

const normal = (draw: Draw): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

export async function rawOf(bytes: Uint8Array): Promise<Raw> {
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

export const open = ({ width, height, pixels }: Raw): Sharp =>
  sharp(pixels, { raw: { width, height, channels: 3 } });

/** Each channel of each pixel, by place. */
const touched = (raw: Raw, value: (old: number, x: number, y: number, channel: number) => number): Raw => {
  const pixels = Buffer.alloc(raw.pixels.length);
  for (let i = 0; i < pixels.length; i += 1) {
    const at = Math.floor(i / 3);
    const fresh = value(raw.pixels[i]!, at % raw.width, Math.floor(at / raw.width), i % 3);
    pixels[i] = Math.max(0, Math.min(255, Math.round(fresh)));
  }
  return { ...raw, pixels };
};

const through =
  (work: (open: Sharp, raw: Raw, draw: Draw) => Sharp): Touch =>
  async (raw, draw) =>
    rawOf(await work(open(raw), raw, draw).png({ compressionLevel: 1 }).toBuffer());

const LUMA = [0.299, 0.587, 0.114];

/** One draw a pixel for all channels. */
const lumaNoise =
  (size: (old: number) => number): Touch =>
  (raw, draw) => {
    const noise = Float32Array.from({ length: raw.width * raw.height }, () => normal(draw));
    return touched(raw, (old, x, y) => old + size(old) * noise[y * raw.width + x]!);
  };

export const EDITS: Readonly<Record<string, Touch>> = {
  none: (raw) => raw,
  'luma noise': (raw, draw) => lumaNoise(() => 2 + 6 * 0.5)(raw, draw),
  'rgb noise': (raw, draw) => touched(raw, (old) => old + 4 * normal(draw)),
  'camera noise': (raw, draw) => touched(raw, (old) => old + Math.sqrt(2 + 0.06 * old) * normal(draw)),
  'plus or minus': (raw, draw) => touched(raw, (old) => old + (draw() < 0.5 ? -6 : 6)),
  'film grain': async (raw, draw) => {
    const grain = await open(touched(raw, () => 128 + 40 * normal(draw)))
      .blur(0.9)
      .raw()
      .toBuffer();
    return touched(raw, (old, x, y) => old + 0.5 * (grain[3 * (y * raw.width + x)]! - 128));
  },
  halftone: (raw) =>
    touched(raw, (old, x, y) => {
      const dot = Math.cos(x * 0.9 + y * 0.5) * Math.cos(y * 0.9 - x * 0.5);
      return 0.6 * old + 0.4 * (old / 255 > (dot + 1) / 2 ? 255 : 0);
    }),
  dithering: (raw) => {
    const bayer = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];
    return touched(raw, (old, x, y) => 36 * Math.floor(old / 36 + bayer[(y % 4) * 4 + (x % 4)]! / 16));
  },
  palette: async (raw) => rawOf(await open(raw).png({ palette: true, colours: 64 }).toBuffer()),
  sharpen: through((s) => s.sharpen({ sigma: 1.2, m1: 1.5, m2: 3 })),
  denoise: through((s) => s.median(3)),
  blur: through((s) => s.blur(1.1)),
  contrast: through((s) => s.linear(1.25, -25)),
  saturate: through((s) => s.modulate({ saturation: 1.5, brightness: 1.05 })),
  'upscale lanczos': through((s, { width }) =>
    s.resize(Math.round(width * 1.5), undefined, { kernel: 'lanczos3' }),
  ),
  'upscale nearest': through((s, { width }) => s.resize(width * 2, undefined, { kernel: 'nearest' })),
  watermark: through((s, { width, height }) =>
    s.composite([
      {
        input: Buffer.from(
          `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><text x="10%" y="60%" font-size="${Math.round(width / 9)}" fill="#fff" fill-opacity="0.35" transform="rotate(-20 ${width / 2} ${height / 2})">example.org</text></svg>`,
        ),
      },
    ]),
  ),
  'screenshot of it': async (raw, draw) => {
    const [left, top] = [20 + Math.floor(40 * draw()), 30 + Math.floor(40 * draw())];
    const page = {
      width: raw.width + 90,
      height: raw.height + 100,
      channels: 3 as const,
      background: '#f4f5f7',
    };
    const input = await open(raw).png({ compressionLevel: 1 }).toBuffer();
    return rawOf(
      await sharp({ create: page }).composite([{ input, left, top }]).png({ compressionLevel: 1 }).toBuffer(),
    );
  },
  scan: async (raw, draw) =>
    lumaNoise((old) => 1.5 + old / 90)(await through((s) => s.blur(0.7).linear(0.9, 18))(raw, draw), draw),
  'mark in last bits': (raw, draw) => touched(raw, (old) => (old & 254) | (draw() < 0.5 ? 0 : 1)),
  'spread-spectrum mark': (raw) => {
    // One fixed pattern for all pictures, two levels strong, as an owner's mark is.
    const pattern = chance(4242);
    const chips = Int8Array.from({ length: 4096 }, () => (pattern() < 0.5 ? -1 : 1));
    return touched(
      raw,
      (old, x, y, c) =>
        old + 2 * LUMA[c]! * chips[(Math.floor(y / 2) % 64) * 64 + (Math.floor(x / 2) % 64)]! * 2,
    );
  },
  'jpeg chain': async (raw) => {
    const once = await open(raw).jpeg({ quality: 80 }).toBuffer();
    return rawOf(
      await sharp(await sharp(once).webp({ quality: 85 }).toBuffer())
        .jpeg({ quality: 90 })
        .toBuffer(),
    );
  },
};

/** What the picture is finally stored as, by the names that targets use. */
export const POSTS: Readonly<Record<string, (raw: Raw) => Promise<Buffer>>> = {
  lossless: (raw) => open(raw).png({ compressionLevel: 1 }).toBuffer(),
  'resize 0.75': (raw) =>
    open(raw)
      .resize(Math.round(raw.width * 0.75))
      .png({ compressionLevel: 1 })
      .toBuffer(),
  'jpeg 95': (raw) => open(raw).jpeg({ quality: 95 }).toBuffer(),
  'jpeg 95 4:4:4': (raw) => open(raw).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
  'jpeg 85': (raw) => open(raw).jpeg({ quality: 85 }).toBuffer(),
  'jpeg 75': (raw) => open(raw).jpeg({ quality: 75 }).toBuffer(),
  'webp 80': (raw) => open(raw).webp({ quality: 80 }).toBuffer(),
};
