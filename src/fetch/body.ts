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
    held: bytes,
    bytes: async () => bytes,
    async *stream() {
      yield bytes;
    },
    decoded: () => decode(bytes, codings, inflate),
    release: async () => {},
  };
}

export interface SpooledBodyOptions {
  readonly codings: readonly string[];
  readonly limits: { readonly body: Bytes; readonly inflate: Bytes };
  /** What the codings gave, where that is known and small. */
  readonly decodedAlready: Uint8Array | undefined;
}

/** A body over a sealed spool. */
export class SpooledBody implements Body {
  readonly size: Bytes;
  readonly #spool: Spool;
  readonly #options: SpooledBodyOptions;

  constructor(spool: Spool, options: SpooledBodyOptions) {
    this.size = spool.size;
    this.#spool = spool;
    this.#options = options;
  }

  get held(): Uint8Array | undefined {
    return this.#spool.inMemory;
  }

  async bytes(): Promise<Uint8Array> {
    const most = this.#options.limits.body;
    if (this.size > most) {
      throw new ForetasteError(
        'body-too-large',
        `Expected at most ${most} octets to read whole but there are ${this.size}.`,
      );
    }
    return this.#spool.bytes();
  }

  stream(): AsyncIterable<Uint8Array> {
    return this.#spool.stream();
  }

  async decoded(): Promise<Uint8Array> {
    const { codings, limits, decodedAlready } = this.#options;
    return decodedAlready ?? decode(await this.bytes(), codings, limits.inflate);
  }

  release(): Promise<void> {
    return this.#spool.release();
  }
}
