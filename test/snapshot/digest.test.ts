import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDigest } from '../../src/snapshot/digest.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** @see RFC 4648, section 6 */
function base32(octets: Buffer): string {
  const bits = [...octets].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  const text = (bits.match(/.{1,5}/g) ?? [])
    .map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}

describe('digests in text', () => {
  it.each(['md5', 'sha1', 'sha256', 'sha512'] as const)(
    '%s reads alike in hex, base32 and base64, with prefix and without',
    (alg) => {
      fc.assert(
        fc.property(fc.string(), (text) => {
          const octets = createHash(alg).update(text).digest();
          const value = octets.toString('hex');
          const forms = [
            value,
            value.toUpperCase(),
            base32(octets),
            base32(octets).toLowerCase(),
            base32(octets).replaceAll('=', ''),
            octets.toString('base64'),
            octets.toString('base64url'),
          ];
          for (const form of forms) {
            expect(parseDigest(form, { required: alg })).toEqual({ alg, value });
            expect(parseDigest(`${alg}:${form}`)).toEqual({ alg, value });
          }
          expect(parseDigest(value)).toEqual({ alg, value });
        }),
      );
    },
  );

  it('32 characters are md5 in hex or sha1 in base32: what is usual there decides', () => {
    const both = 'ABCDEF234567ABCDEF234567ABCDEF23';
    expect(parseDigest(both)).toMatchObject({ alg: 'md5' });
    expect(parseDigest(both, { usual: 'sha1' })).toMatchObject({ alg: 'sha1' });
    expect(parseDigest('ZA6MPPJEFGZ53KWFSLWMF7NDO7RKOWR4')).toMatchObject({ alg: 'sha1' });
  });

  it('padded md5 in base32 is as long as md5 in hex, and is told by its padding', () => {
    const octets = createHash('md5').update('a').digest();
    expect(base32(octets)).toHaveLength(32);
    expect(parseDigest(base32(octets))).toEqual({ alg: 'md5', value: octets.toString('hex') });
  });

  it.each([
    ['', {}],
    ['abc', {}],
    ['blake3:'.padEnd(71, '0'), {}],
    ['0'.repeat(40), { required: 'sha256' as const }],
    [`sha1:${'0'.repeat(40)}`, { required: 'sha256' as const }],
    [`sha256:${'0'.repeat(40)}`, {}],
    ['g'.repeat(64), {}],
  ])('%j is refused', (text, context) => {
    expect(parseDigest(text, context)).toMatchObject({
      expected: expect.any(String),
      got: expect.any(String),
    });
  });
});
