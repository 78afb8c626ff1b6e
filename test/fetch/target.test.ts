/** URLs taken apart without being rewritten. */
import { describe, expect, it } from 'vitest';
import { targetOf } from '../../src/fetch/target.ts';

describe('a target', () => {
  it.each([
    [
      'http://example.org',
      { secure: false, host: 'example.org', port: 80, authority: 'example.org', path: '/' },
    ],
    [
      'https://Example.org/',
      { secure: true, port: 443, authority: 'Example.org', origin: 'https://example.org:443' },
    ],
    [
      'HTTP://example.org:8080/a',
      { port: 8080, authority: 'example.org:8080', origin: 'http://example.org:8080' },
    ],
    ['http://example.org:/a', { port: 80, authority: 'example.org' }],
    ['http://example.org:80/a', { port: 80, authority: 'example.org:80' }],
    ['http://user:secret@example.org/a', { host: 'example.org', authority: 'example.org', path: '/a' }],
    ['http://[::1]:8080/a', { host: '::1', port: 8080, authority: '[::1]:8080' }],
    ['http://example.org?q=1', { path: '/?q=1' }],
    ['http://example.org/a#top', { path: '/a' }],
    ['http://example.org/a/../b/./c%7e|"<>', { path: '/a/../b/./c%7e|"<>' }],
    ['http://example.org/\xe9', { path: '/\xe9' }],
    ['http://example.org/猫', { path: '/%E7%8C%AB' }],
    ['http://bücher.example:81/', { host: 'xn--bcher-kva.example', authority: 'xn--bcher-kva.example:81' }],
  ])('of %s is %j', (url, expected) => {
    expect(targetOf(url)).toMatchObject(expected);
  });

  it.each([
    '',
    '/a',
    'example.org',
    'ftp://example.org/',
    'http:///a',
    'http://example.org:0/',
    'http://example.org:65536/',
    'http://example.org/a b',
    'http://example.org/\r\nHost: other',
    'http://exa\u00a0mple.org/',
    'http://exa mple.org/',
  ])('%j is none', (url) => {
    expect(() => targetOf(url)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});
