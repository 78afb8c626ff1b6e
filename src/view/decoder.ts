/** Decodes pictures within limits, and measures them off the event loop. Node only. */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import sharp, { type Metadata } from 'sharp';
import { ForetasteError, type ImageDecoder, type ImageEncoding } from '../domain/index.ts';
import { createPixelBudget } from './image-budget.ts';
import { type Outline, outlineOf } from './image-container.ts';
import { type Measures, measure } from './image-measure.ts';
import { odditiesOf } from './image-oddities.ts';
import type { Pixels } from './pixels.ts';

/** A decode that takes longer is given up. The slowest honest one measured, a 100-megapixel progressive JPEG, takes 3 s. */
const DECODE_SECONDS = 10;
/** Drawing instructions can cost more than pixels; real SVG pictures of the web are far smaller. */
const LARGEST_SVG_BYTES = 1 << 20;
/** Below this, measuring costs less than asking a worker (`npm run bench -- image`). */
const INLINE_PIXELS = 64 * 64;
const IDLE_MS = 30_000;

// Each input is seen once: libvips would only hold on to the memory.
sharp.cache(false);

export type ClosableImageDecoder = ImageDecoder & { close(): Promise<void> };

/** `foretaste.js` beside `decoder.js` when built, `.ts` when run from a checkout. */
const WORKER = new URL(`./image-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
  .href;

const formatOf = (metadata: Metadata): string =>
  metadata.format === 'heif' && metadata.compression === 'av1' ? 'avif' : String(metadata.format);

function encodingOf(metadata: Metadata, outline: Outline, bytes: Uint8Array): ImageEncoding {
  // WebP says so in its first chunk: `VP8L` is the lossless one. @see RFC 9649, 2.6
  const lossless =
    metadata.format === 'webp'
      ? Buffer.from(bytes.subarray(12, 4096)).includes('VP8L', 0, 'latin1')
      : ['png', 'gif', 'tiff', 'svg'].includes(String(metadata.format));
  const chroma = outline.chroma ?? metadata.chromaSubsampling;
  return {
    lossless,
    frames: metadata.pages ?? 1,
    ...(outline.quality === undefined ? {} : { quality: outline.quality }),
    ...(chroma === undefined ? {} : { chroma }),
  };
}

/** What libvips said, as one of our errors. */
function refusal(cause: unknown, limit: number): ForetasteError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  if (/pixel limit|too (?:large|wide|high)|exceeds/i.test(String(reason))) {
    return new ForetasteError(
      'too-large',
      `Expected a picture of at most ${limit} pixels but received more: ${reason}.`,
      { cause },
    );
  }
  if (/timeout/i.test(String(reason))) {
    return new ForetasteError(
      'too-large',
      `Expected a picture that decodes within ${DECODE_SECONDS} s but it took longer.`,
      { cause },
    );
  }
  return new ForetasteError(
    'bad-request',
    `Expected a picture that libvips can decode but received: ${reason}.`,
    { cause },
  );
}

async function readMetadata(bytes: Uint8Array, limit: number): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: limit, failOn: 'none' }).metadata();
  } catch (cause) {
    throw refusal(cause, limit);
  }
}

/** Upright, sRGB, 8 bit, three channels, alpha over white. Shared memory, so that workers read it without a copy. */
async function rasterise(bytes: Uint8Array, limit: number, failOn: 'none' | 'error'): Promise<Pixels> {
  const { data, info } = await sharp(bytes, { limitInputPixels: limit, failOn, pages: 1 })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .timeout({ seconds: DECODE_SECONDS })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8Array(new SharedArrayBuffer(info.width * info.height * 3));
  if (info.channels === 3) pixels.set(data);
  else for (let i = 0; i < pixels.length; i += 1) pixels[i] = data[Math.floor(i / 3) * info.channels]!;
  return { width: info.width, height: info.height, pixels };
}

/**
 * A decoder for every format libvips has. `limits.pixels` bounds a picture, and all that decode at the same time together.
 * Animations give their first frame. Irregularities are sentences `class: detail`.
 */
export function createDecoder(limits: { pixels: number }): ClosableImageDecoder {
  const budget = createPixelBudget(limits.pixels);
  let pool: Piscina<Pixels, Measures> | undefined;
  const measured = (picture: Pixels): Promise<Measures> | Measures => {
    if (picture.width * picture.height <= INLINE_PIXELS) return measure(picture);
    pool ??= new Piscina({
      filename: WORKER,
      minThreads: 0,
      maxThreads: Math.max(1, availableParallelism() - 1),
      idleTimeout: IDLE_MS,
    });
    return pool.run(picture);
  };

  return {
    async decode(bytes, mediaType) {
      const outline = outlineOf(bytes);
      if (outline.container === 'svg' && bytes.length > LARGEST_SVG_BYTES) {
        throw new ForetasteError(
          'too-large',
          `Expected an SVG of at most ${LARGEST_SVG_BYTES} bytes but received ${bytes.length}.`,
        );
      }
      const metadata = await readMetadata(bytes, limits.pixels);
      const area = metadata.width * (metadata.pageHeight ?? metadata.height);
      if (area > limits.pixels) {
        throw new ForetasteError(
          'too-large',
          `Expected a picture of at most ${limits.pixels} pixels but received ${metadata.width} x ${metadata.height}.`,
        );
      }
      const giveBack = await budget.take(area);
      try {
        const irregularities = odditiesOf(bytes, mediaType, outline);
        const picture = await rasterise(bytes, limits.pixels, 'error').catch(async (cause: unknown) => {
          // Crawlers differ in what they forgive, so a damaged picture is decoded as the most forgiving one would.
          const forgiven = await rasterise(bytes, limits.pixels, 'none').catch(() => {
            throw refusal(cause, limits.pixels);
          });
          irregularities.push(
            `damaged: ${cause instanceof Error ? cause.message.split('\n')[0] : 'decoder error'}`,
          );
          return forgiven;
        });
        return {
          width: picture.width,
          height: picture.height,
          format: formatOf(metadata),
          encoding: encodingOf(metadata, outline, bytes),
          ...(await measured(picture)),
          pixels: picture.pixels,
          irregularities,
        };
      } finally {
        giveBack();
      }
    },

    async close() {
      await pool?.close();
      pool = undefined;
    },
  };
}
