import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ImageView, RecordedHash } from '../../src/domain/index.ts';
import { matchPicture } from '../../src/snapshot/pictures.ts';

/** Pixels of as many colours as there are, or so many of a hundred of one colour. */
const pixels = (ground: number): Uint8Array => {
  const noise = createHash('shake256', { outputLength: 30_000 }).update('pixels').digest();
  return Uint8Array.from(noise, (value, at) => (Math.floor(at / 3) % 100 < ground ? 200 : value));
};
const BUSY = pixels(0);
const EVEN = pixels(60);

const picture = (of: Uint8Array, pdqQuality = 100): ImageView =>
  ({ pixels: of, pdq: '0'.repeat(64), phash: '0'.repeat(16), pdqQuality }) as unknown as ImageView;

/** A hash that differs from nought in so many bits. */
const hash = (alg: 'pdq' | 'phash', bits: number): RecordedHash => {
  const length = alg === 'pdq' ? 256 : 64;
  const value = BigInt(`0b${'1'.repeat(bits)}${'0'.repeat(length - bits)}`)
    .toString(16)
    .padStart(length / 4, '0');
  return { alg, value };
};
const near = (of: Uint8Array, recorded: readonly RecordedHash[], quality = 100): boolean | undefined =>
  matchPicture(recorded, picture(of, quality))?.near;

describe('a picture beside recorded hashes', () => {
  it.each([
    ['a busy picture by PDQ', BUSY, [hash('pdq', 50)], true],
    ['further away', BUSY, [hash('pdq', 51)], false],
    ['a drawing by PDQ', EVEN, [hash('pdq', 31)], true],
    ['another drawing of that style', EVEN, [hash('pdq', 32)], false],
    ['a busy picture by pHash', BUSY, [hash('phash', 10)], true],
    ['further away', BUSY, [hash('phash', 11)], false],
    ['a drawing by pHash', EVEN, [hash('phash', 2)], true],
    ['a drawing that may be its neighbour', EVEN, [hash('phash', 10)], undefined],
    ['quite another drawing', EVEN, [hash('phash', 11)], false],
    ['a crop that both hashes still know', BUSY, [hash('pdq', 60), hash('phash', 10)], true],
    ['PDQ that is too far for any pHash', BUSY, [hash('pdq', 61), hash('phash', 0)], false],
    ['the nearest of several', BUSY, [hash('pdq', 128), hash('pdq', 2)], true],
    ['nothing recorded', BUSY, [], undefined],
  ] as const)('%s', (_, of, recorded, expected) => {
    expect(near(of, recorded)).toBe(expected);
  });

  it('without structure PDQ does not decide alone, and speaks against a pHash', () => {
    expect(near(BUSY, [hash('pdq', 0)], 49)).toBeUndefined();
    expect(near(BUSY, [hash('phash', 0), hash('pdq', 31)], 49)).toBe(true);
    expect(near(BUSY, [hash('phash', 0), hash('pdq', 32)], 49)).toBeUndefined();
  });

  it('an empty picture has the hash of all empty pictures', () => {
    expect(near(pixels(99), [hash('pdq', 0), hash('phash', 0)])).toBeUndefined();
  });
});
