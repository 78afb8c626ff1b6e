/** Content codings removed, under a cap: a few kilobytes can inflate to all the memory there is. */
import { pipeline, Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliDecompress,
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzip,
  gunzipSync,
  inflate,
  inflateRaw,
  inflateRawSync,
  inflateSync,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';
import { type Bytes, type Fields, ForetasteError, fieldValues } from '../domain/index.ts';

type Cap = { maxOutputLength: Bytes };
interface Decoder {
  readonly sync: (bytes: Uint8Array, cap: Cap) => Buffer;
  readonly async: (bytes: Uint8Array, cap: Cap) => Promise<Buffer>;
  readonly stream: () => Transform;
}

const GZIP: Decoder = { sync: gunzipSync, async: promisify(gunzip), stream: createGunzip };
const ZLIB: Decoder = { sync: inflateSync, async: promisify(inflate), stream: createInflate };
const RAW: Decoder = { sync: inflateRawSync, async: promisify(inflateRaw), stream: createInflateRaw };
const BROTLI: Decoder = {
  sync: brotliDecompressSync,
  async: promisify(brotliDecompress),
  stream: createBrotliDecompress,
};
const ZSTD: Decoder = {
  sync: zstdDecompressSync,
  async: promisify(zstdDecompress),
  stream: createZstdDecompress,
};

/** zlib's header: deflate with a window of 32 KiB at most, and a check that makes two octets a multiple of 31 (RFC 1950). */
const hasZlibHeader = (bytes: Uint8Array): boolean =>
  ((bytes[0] ?? 0) & 0x8f) === 0x08 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0;

/** `deflate` means zlib (RFC 9110, section 8.4.1.2), yet servers send raw deflate under that name. */
function decoderOf(coding: string, bytes: Uint8Array): Decoder | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return GZIP;
    case 'deflate':
      return hasZlibHeader(bytes) ? ZLIB : RAW;
    case 'br':
      return BROTLI;
    case 'zstd':
      return ZSTD;
    default:
      return undefined;
  }
}

const KNOWN = new Set(['gzip', 'x-gzip', 'deflate', 'br', 'zstd']);
/** Nobody codes content more often on purpose; each layer multiplies what a bomb can do. */
const MOST_CODINGS = 5;
/** Up to here a thread pool costs more than it saves: inflating 32 KiB takes about 100 microseconds. */
const SYNC_LIMIT: Bytes = 32_768;
/** What may come out of the event loop's own inflating before the pool takes over. */
const SYNC_OUTPUT: Bytes = 1 << 20;

/** Codings to remove, the outermost first. Empty for none, and where one of them is not known: then the entity stands as it is. */
export function codingsOf(fields: Fields): readonly string[] {
  const codings = fieldValues(fields, 'content-encoding')
    .flatMap((value) => value.toLowerCase().split(','))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  return codings.length <= MOST_CODINGS && codings.every((coding) => KNOWN.has(coding))
    ? codings.reverse()
    : [];
}

/**
 * Remove `codings`, the first of them outermost.
 * @throws ForetasteError `too-large` where a layer comes to more than `cap`, `http-protocol-error` where a coding is broken
 */
export async function decode(bytes: Uint8Array, codings: readonly string[], cap: Bytes): Promise<Uint8Array> {
  let content = bytes;
  for (const coding of codings) {
    // Some servers announce a coding for an answer without content.
    if (content.length === 0) return content;
    const decoder = decoderOf(coding, content);
    if (decoder === undefined) return bytes;
    content =
      small(decoder, content, cap) ??
      (await decoder.async(content, { maxOutputLength: cap }).catch(refuse(coding, cap)));
  }
  return content;
}

/**
 * The same for content too large to hold, piece by piece. Throws as `decode` does, when the piece that is wrong is reached.
 */
export async function* decodeStream(
  source: AsyncIterable<Uint8Array>,
  codings: readonly string[],
  cap: Bytes,
): AsyncGenerator<Uint8Array, void> {
  let content = source;
  for (const coding of codings) content = unwrap(content, coding, cap);
  yield* content;
}

async function* unwrap(
  source: AsyncIterable<Uint8Array>,
  coding: string,
  cap: Bytes,
): AsyncGenerator<Uint8Array, void> {
  const pieces = source[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done === true) return;
  const decoder = decoderOf(coding, first.value);
  if (decoder === undefined)
    throw new ForetasteError('internal', `Expected a known coding but received ${coding}.`);
  const stream = decoder.stream();
  const again = async function* (): AsyncGenerator<Uint8Array, void> {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => pieces };
  };
  // Errors reach the loop below through the decoder, which the pipeline destroys with them.
  pipeline(Readable.from(again()), stream, () => {});
  let size = 0;
  try {
    for await (const piece of stream) {
      size += piece.length;
      if (size > cap) throw Object.assign(new Error(), { code: 'ERR_BUFFER_TOO_LARGE' });
      yield piece;
    }
  } catch (error) {
    if (error instanceof ForetasteError) throw error;
    refuse(coding, cap)(error);
  } finally {
    stream.destroy();
  }
}

/** Inflates what is small at once; `undefined` leaves it to the pool, and to its errors. */
function small(decoder: Decoder, bytes: Uint8Array, cap: Bytes): Buffer | undefined {
  if (bytes.length > SYNC_LIMIT) return undefined;
  try {
    return decoder.sync(bytes, { maxOutputLength: Math.min(cap, SYNC_OUTPUT) });
  } catch {
    return undefined;
  }
}

const refuse =
  (coding: string, cap: Bytes) =>
  (error: unknown): never => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code === 'ERR_BUFFER_TOO_LARGE'
      ? new ForetasteError(
          'too-large',
          `Expected at most ${cap} octets of decoded content but ${coding} gives more.`,
        )
      : new ForetasteError(
          'http-protocol-error',
          `Expected ${coding} content but received ${code || String(error)}.`,
          {
            cause: error,
          },
        );
  };
