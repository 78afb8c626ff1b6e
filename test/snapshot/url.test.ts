import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalUrl } from '../../src/snapshot/url.ts';

describe('canonical URL', () => {
  it.each([
    ['http://example.org', 'http://example.org/'],
    ['HTTP://Example.ORG:80/A/b?x=1#top', 'http://example.org/A/b?x=1'],
    ['https://example.org:443/a', 'https://example.org/a'],
    ['https://example.org:8443/a', 'https://example.org:8443/a'],
    ['http://example.org/a b.jpg', 'http://example.org/a%20b.jpg'],
    ['http://example.org/ö', 'http://example.org/%C3%B6'],
    ['http://example.org/a/../b', 'http://example.org/b'],
    ['http://example.org/%2e%2e/b', 'http://example.org/b'],
    ['http://example.org/%7Euser/', 'http://example.org/%7Euser/'],
    ['http://example.org/?b=2&a=1', 'http://example.org/?b=2&a=1'],
    ['http://xn--bcher-kva.example/', 'http://xn--bcher-kva.example/'],
    ['http://1.2/', 'http://1.0.0.2/'],
  ])('%s is kept as %s', (given, expected) => {
    expect(canonicalUrl(given)).toBe(expected);
  });

  it.each(['', 'example.org/a', 'ftp://example.org/', 'data:text/plain,a', 'http://'])(
    '%j is no key',
    (given) => {
      expect(canonicalUrl(given)).toBeUndefined();
    },
  );

  it('the short way gives what URL parsing gives', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
        expect(canonicalUrl(url)).toBe(new URL(url).href);
      }),
    );
  });

  it('the short way agrees on odd paths', () => {
    const piece = fc.constantFrom(
      '.',
      '..',
      '%2e',
      '%2E.',
      '~',
      "'",
      '[',
      '|',
      '^',
      '`',
      '"',
      '\\',
      '/',
      '?',
      ':',
      '@',
      'a',
      '%',
      '{',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const url = `https://a.example/${pieces.join('')}`;
        expect(canonicalUrl(url)).toBe(new URL(url).href);
      }),
    );
  });
});
