/** Decodes one picture: upright 8-bit sRGB pixels, its frames, its hashes, what is odd about its file. Node only. */
import sharp, { type Metadata } from 'sharp';
import { ForetasteError, type Frame, type ImageDecoder, type ImageEncoding } from '../domain/index.ts';
import { MOST_FRAMES, markOdd, sampledFrames } from './frames.ts';
import { type Outline, outlineOf } from './image-container.ts';
import { measure } from './image-measure.ts';
import { odditiesOf } from './image-oddities.ts';
import type { Pixels } from './pixels.ts';

/** A decode that takes longer is given up. The slowest honest one measured, a 100-megapixel progressive JPEG, takes 3 s. */
export const DECODE_SECONDS = 10;
/** Drawing instructions can cost more than pixels; real SVG pictures of the web are far smaller. */
const LARGEST_SVG_BYTES = 1 << 20;

// Each input is seen once: libvips would only hold on to the memory.
sharp.cache(false);
// Pictures are decoded beside each other; threads inside one would take the cores that answer clients.
sharp.concurrency(1);

export type DecodedPicture = Awaited<ReturnType<ImageDecoder['decode']>>;

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

/**
 * Reads the head of a picture without decoding it, and gives the pixels that decoding it will hold, its frames included.
 * Throws ForetasteError `too-large` over `limit` pixels and for long SVG, `bad-request` for what is no picture.
 */
export async function readHead(
  bytes: Uint8Array,
  limit: number,
): Promise<{ metadata: Metadata; area: number }> {
  const svg = bytes.length > LARGEST_SVG_BYTES && outlineOf(bytes.subarray(0, 4096)).container === 'svg';
  if (svg) {
    throw new ForetasteError(
      'too-large',
      `Expected an SVG of at most ${LARGEST_SVG_BYTES} bytes but received ${bytes.length}.`,
    );
  }
  const metadata = await metadataOf(bytes, limit);
  const frame = metadata.width * (metadata.pageHeight ?? metadata.height);
  if (frame > limit) {
    throw new ForetasteError(
      'too-large',
      `Expected a picture of at most ${limit} pixels but received ${metadata.width} x ${metadata.height}.`,
    );
  }
  const frames = Math.min(metadata.pages ?? 1, MOST_FRAMES + 1, Math.floor(limit / frame));
  return { metadata, area: frame * Math.max(1, frames) };
}

async function metadataOf(bytes: Uint8Array, limit: number): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: limit, failOn: 'none' }).metadata();
  } catch (cause) {
    throw refusal(cause, limit);
  }
}

/** Upright, sRGB, 8 bit, three channels, alpha over white. Shared memory, so that threads read it without a copy. */
async function rasterise(
  bytes: Uint8Array,
  limit: number,
  failOn: 'none' | 'error',
  page = 0,
): Promise<Pixels> {
  const { data, info } = await sharp(bytes, { limitInputPixels: limit, failOn, page, pages: 1 })
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

/** The first frame; a damaged one as the most forgiving crawler would decode it, with what was wrong. */
async function firstFrame(bytes: Uint8Array, limit: number): Promise<{ picture: Pixels; damage?: string }> {
  try {
    return { picture: await rasterise(bytes, limit, 'error') };
  } catch (cause) {
    const picture = await rasterise(bytes, limit, 'none').catch(() => {
      throw refusal(cause, limit);
    });
    return { picture, damage: cause instanceof Error ? cause.message.split('\n')[0] : 'decoder error' };
  }
}

/** Later frames in a sample that, with the first, stays under the pixel limit; ends at the first one that is broken. */
async function laterFrames(
  bytes: Uint8Array,
  first: Pixels,
  frames: number,
  limit: number,
): Promise<{ frames: Frame[]; broken?: number }> {
  const most = Math.min(MOST_FRAMES, Math.floor(limit / (first.width * first.height)) - 1);
  const later: Array<Pixels & { number: number }> = [];
  for (const number of sampledFrames(frames, most)) {
    try {
      later.push({ ...(await rasterise(bytes, limit, 'none', number - 1)), number });
    } catch {
      return { frames: markOdd(first, later), broken: number };
    }
  }
  return { frames: markOdd(first, later) };
}

/**
 * A picture in comparable form. Irregularities are sentences `class: detail`.
 * Throws what `readHead` throws, and `bad-request` for what no decoder takes.
 */
export async function decodePicture(
  bytes: Uint8Array,
  mediaType: string,
  limits: { readonly pixels: number },
): Promise<DecodedPicture> {
  const { metadata } = await readHead(bytes, limits.pixels);
  const outline = outlineOf(bytes);
  const irregularities = odditiesOf(bytes, mediaType, outline);
  const { picture, damage } = await firstFrame(bytes, limits.pixels);
  if (damage !== undefined) irregularities.push(`damaged: ${damage}`);
  const encoding = encodingOf(metadata, outline, bytes);
  const later =
    encoding.frames > 1 ? await laterFrames(bytes, picture, encoding.frames, limits.pixels) : undefined;
  if (later?.broken !== undefined)
    irregularities.push(`damaged: frame ${later.broken} of ${encoding.frames} does not decode`);
  for (const { number } of later?.frames.filter(({ odd }) => odd) ?? [])
    irregularities.push(
      `odd-frame: frame ${number} of ${encoding.frames} shows something else than those around it`,
    );
  return {
    width: picture.width,
    height: picture.height,
    format: formatOf(metadata),
    encoding,
    ...measure(picture),
    pixels: picture.pixels,
    ...(later === undefined ? {} : { frames: later.frames }),
    irregularities,
  };
}
