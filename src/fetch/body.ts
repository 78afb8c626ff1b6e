/** Bodies: content that was received once and may be read many times. */
import { type Body, type Bytes, ForetasteError } from '../domain/index.ts';
import { codingsOf, decode } from './coding.ts';
import type { Spool } from './spool.ts';

/** What 256 MiB of `limits.inflate` stands for where content is held without configuration. */
const MOST_DECODED: Bytes = 256 << 20;

/** A body over bytes that are already in memory, `contentEncoding` as a field value would have it. */
export function bodyOf(bytes: Uint8Array, contentEncoding = '', inflate: Bytes = MOST_DECODED): Body {
  const codings = codingsOf([['content-encoding', contentEncoding]]);
  return {
    size: bytes.length,
    bytes: async () => bytes,
    async *stream() {
      yield bytes;
    },
    decoded: () => decode(bytes, codings, inflate),
    release: async () => {},
  };
}

/** A body over a sealed spool. `decodedAlready`: what the codings gave, where that is known and small. */
export function spooledBody(
  spool: Spool,
  options: {
    codings: readonly string[];
    limits: { body: Bytes; inflate: Bytes };
    decodedAlready: Uint8Array | undefined;
  },
): Body {
  const { codings, limits, decodedAlready } = options;
  const bytes = async (): Promise<Uint8Array> => {
    if (spool.size > limits.body) {
      throw new ForetasteError(
        'body-too-large',
        `Expected at most ${limits.body} octets to read whole but there are ${spool.size}.`,
      );
    }
    return spool.bytes();
  };
  return {
    size: spool.size,
    bytes,
    stream: () => spool.stream(),
    async decoded() {
      if (decodedAlready !== undefined) return decodedAlready;
      return decode(await bytes(), codings, limits.inflate);
    },
    release: () => spool.release(),
  };
}
