/** Digests of content: taken when asked for while it is in memory, taken in passing where it is too large for that. */
import { createHash, type Hash, hash } from 'node:crypto';
import type { DigestAlgorithm, Digests, Hex } from '../domain/index.ts';

/**
 * All digests of held content, each computed when it is first read: who needs two of four pays for two. One-shot hashing
 * costs about 9 microseconds for 10 KB of SHA-256, a third of a streaming hash of that size.
 */
export const digestsOf = (bytes: Uint8Array): Digests => new HeldDigests(bytes);

class HeldDigests implements Digests {
  readonly #bytes: Uint8Array;
  #md5: Hex | undefined;
  #sha1: Hex | undefined;
  #sha256: Hex | undefined;
  #sha512: Hex | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get md5(): Hex {
    this.#md5 ??= hash('md5', this.#bytes);
    return this.#md5;
  }

  get sha1(): Hex {
    this.#sha1 ??= hash('sha1', this.#bytes);
    return this.#sha1;
  }

  get sha256(): Hex {
    this.#sha256 ??= hash('sha256', this.#bytes);
    return this.#sha256;
  }

  get sha512(): Hex {
    this.#sha512 ??= hash('sha512', this.#bytes);
    return this.#sha512;
  }
}

/** Digests over content that streams past. */
export class Digester {
  readonly #hashes: ReadonlyArray<readonly [DigestAlgorithm, Hash]>;

  /** `sha512` costs twice what the others do and is rarely recorded: only where a client expects it. */
  constructor(withSha512: boolean) {
    const algorithms: DigestAlgorithm[] = ['md5', 'sha1', 'sha256'];
    if (withSha512) algorithms.push('sha512');
    this.#hashes = algorithms.map((alg) => [alg, createHash(alg)] as const);
  }

  update(chunk: Uint8Array): this {
    for (const [, state] of this.#hashes) state.update(chunk);
    return this;
  }

  finish(): Digests {
    return Object.fromEntries(this.#hashes.map(([alg, state]) => [alg, state.digest('hex')]));
  }
}
