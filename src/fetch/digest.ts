/** Digests of content: taken when asked for while it is in memory, taken in passing where it is too large for that. */
import { createHash, type Hash, hash } from 'node:crypto';
import type { DigestAlgorithm, Digests, Hex } from '../domain/index.ts';

/**
 * All digests of held content, each computed when it is first read: who needs two of four pays for two. One-shot hashing
 * costs about 9 microseconds for 10 KB of SHA-256, a third of a streaming hash of that size.
 */
export function digestsOf(bytes: Uint8Array): Digests {
  const taken: Partial<Record<DigestAlgorithm, Hex>> = {};
  const take = (alg: DigestAlgorithm): Hex => {
    const held = taken[alg] ?? hash(alg, bytes, 'hex');
    taken[alg] = held;
    return held;
  };
  return {
    get md5() {
      return take('md5');
    },
    get sha1() {
      return take('sha1');
    },
    get sha256() {
      return take('sha256');
    },
    get sha512() {
      return take('sha512');
    },
  };
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
