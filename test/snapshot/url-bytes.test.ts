import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCanonical } from '../../src/snapshot/url-bytes.ts';

const bytes = (url: string): Uint8Array => new TextEncoder().encode(url);

describe('canonical octets', () => {
  it.each(['https://example.org/', 'http://a-1.example.org/A/b_c.jpg?x=/y?z&%20', 'https://example.org//a'])(
    '%s is taken as it is',
    (url) => {
      expect(isCanonical(bytes(url))).toBe(true);
    },
  );

  it.each([
    'https://example.org',
    'HTTP://example.org/',
    'https://Example.org/',
    'https://example.org:80/',
    'https://xn--a.example/',
    'https://127.1/',
    'https://example.org/a/../b',
    'https://example.org/%2e/',
    "https://example.org/?'",
    'https://example.org/#a',
    'https://example.org/\u00e9',
    'https:///a',
    'https://',
    'http',
  ])('%s needs the parser', (url) => {
    expect(isCanonical(bytes(url))).toBe(false);
  });

  it('never passes what the parser would write otherwise', () => {
    const piece = fc.constantFrom(...'.-_%/?:@#aZ0~^|\'" ', 'xn--', '..', '%2e', '\u00e9');
    fc.assert(
      fc.property(fc.array(piece), fc.array(piece), (host, path) => {
        const url = `https://${host.join('')}e/${path.join('')}`;
        if (isCanonical(bytes(url))) expect(URL.parse(url)?.href).toBe(url);
      }),
      { numRuns: 1000 },
    );
  });
});
