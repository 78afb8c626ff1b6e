/** Content codings: what comes off, what stays, and how much may come out. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bodyOf } from '../../src/fetch/body.ts';
import { codingsOf, decode, decodeStream } from '../../src/fetch/coding.ts';

const page = Buffer.from('<p>The king eats last.</p>'.repeat(5000));

describe('a coding', () => {
  it.each([
    ['gzip', gzipSync(page)],
    ['x-gzip', gzipSync(page)],
    ['deflate', deflateSync(page)],
    ['deflate', deflateRawSync(page)],
    ['br', brotliCompressSync(page)],
    ['zstd', zstdCompressSync(page)],
    ['GZIP', gzipSync(page)],
    ['gzip, br', brotliCompressSync(gzipSync(page))],
    ['identity', page],
    ['', page],
  ])('%s comes off', async (contentEncoding, bytes) => {
    expect(Buffer.from(await bodyOf(bytes, contentEncoding).decoded()).equals(page)).toBe(true);
  });

  it.each(['exi', 'gzip, exi', 'gzip, gzip, gzip, gzip, gzip, gzip'])(
    '%j leaves the entity as it is',
    async (coding) => {
      expect(await bodyOf(page, coding).decoded()).toBe(page);
    },
  );

  it('of large content comes off as well', async () => {
    const large = Buffer.alloc(8 << 20, 'x');
    expect((await decode(gzipSync(large), ['gzip'], 16 << 20)).length).toBe(large.length);
  });

  it('codings are removed in the reverse order of their listing, over all field lines', () => {
    expect(
      codingsOf([
        ['Content-Encoding', 'gzip, br'],
        ['content-encoding', 'zstd'],
      ]),
    ).toEqual(['zstd', 'br', 'gzip']);
  });
});

describe('in pieces', () => {
  async function* pieces(bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  }
  async function joined(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  const noise = Buffer.from(Array.from({ length: 100_000 }, (_, n) => (n * n * 31) % 251));

  it.each([
    ['gzip', gzipSync(noise)],
    ['deflate', deflateSync(noise)],
    ['deflate', deflateRawSync(noise)],
    ['br', brotliCompressSync(noise)],
    ['zstd', zstdCompressSync(noise)],
  ])('%s comes off too', async (coding, bytes) => {
    expect((await joined(decodeStream(pieces(bytes), [coding], 1 << 20))).equals(noise)).toBe(true);
  });

  it('two codings come off one after the other', async () => {
    const coded = brotliCompressSync(gzipSync(noise));
    expect((await joined(decodeStream(pieces(coded), ['br', 'gzip'], 1 << 20))).equals(noise)).toBe(true);
  });

  it('a bomb is refused at the limit, and broken content where it breaks', async () => {
    const bomb = gzipSync(Buffer.alloc(4 << 20));
    await expect(joined(decodeStream(pieces(bomb), ['gzip'], 1 << 20))).rejects.toMatchObject({
      code: 'too-large',
    });
    await expect(joined(decodeStream(pieces(page), ['gzip'], 1 << 20))).rejects.toMatchObject({
      code: 'http-protocol-error',
    });
    const half = gzipSync(noise).subarray(0, -100);
    await expect(joined(decodeStream(pieces(half), ['gzip'], 1 << 20))).rejects.toMatchObject({
      code: 'http-protocol-error',
    });
  });
});

describe('a bomb', () => {
  const bomb = gzipSync(Buffer.alloc(4 << 20));

  it.each([
    ['gzip', bomb],
    ['br', brotliCompressSync(Buffer.alloc(4 << 20))],
    ['zstd', zstdCompressSync(Buffer.alloc(4 << 20))],
    ['gzip, gzip', gzipSync(bomb)],
  ])('%s is refused at the limit', async (coding, bytes) => {
    await expect(bodyOf(bytes, coding, 1 << 20).decoded()).rejects.toMatchObject({ code: 'too-large' });
  });
});

describe('broken content', () => {
  it.each([
    ['gzip', Buffer.from('this was never gzip')],
    ['gzip', gzipSync(page).subarray(0, 200)],
    ['br', Buffer.from('neither this')],
    ['zstd', Buffer.from('nor this')],
  ])('under %s says so', async (coding, bytes) => {
    await expect(bodyOf(bytes, coding).decoded()).rejects.toMatchObject({ code: 'http-protocol-error' });
  });

  it('without any content there is nothing to decode', async () => {
    expect((await bodyOf(new Uint8Array(), 'gzip').decoded()).length).toBe(0);
  });
});
