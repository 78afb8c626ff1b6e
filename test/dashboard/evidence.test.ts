/** Kept captures, read back without a composition's help. */
import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { storedText } from '../../src/dashboard/evidence.ts';
import { type CaptureRecord, CRAWLER } from '../../src/domain/index.ts';
import { emptyStore } from './store.ts';

const { bodies } = await emptyStore();

const kept = async (bytes: Uint8Array, coding?: string): Promise<CaptureRecord> => {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await bodies.put(
    sha256,
    (async function* () {
      yield bytes;
    })(),
  );
  return {
    identity: CRAWLER,
    url: 'https://example.org/',
    status: 200,
    reason: 'OK',
    httpVersion: '1.1',
    fields: coding === undefined ? [] : [['Content-Encoding', coding]],
    mediaType: 'text/html',
    sha256,
    bytes: bytes.length,
    startedAt: 0,
  };
};

describe('a stored text', () => {
  it('is read as it is', async () => {
    expect(await storedText(bodies, await kept(Buffer.from('größe')))).toEqual({
      text: 'größe',
      truncated: false,
    });
  });

  it('is read with gzip removed', async () => {
    expect(await storedText(bodies, await kept(gzipSync('a page'), 'GZIP'))).toMatchObject({
      text: 'a page',
    });
  });

  it('is cut where nobody reads on, however far it inflates', async () => {
    const read = await storedText(bodies, await kept(gzipSync(Buffer.alloc(50_000_000, 'a')), 'gzip'));
    expect([read?.truncated, read?.text.length]).toEqual([true, 1_000_000]);
  });

  it('is unknown in a coding that is not known here, and when it is gone', async () => {
    const coded = await kept(brotliCompressSync('a page'), 'br');
    expect(await storedText(bodies, coded)).toBeUndefined();
    expect(await storedText(bodies, { ...coded, sha256: '0'.repeat(64) })).toBeUndefined();
  });

  it('that does not inflate is an error, not text', async () => {
    await expect(storedText(bodies, await kept(Buffer.from('no gzip at all'), 'gzip'))).rejects.toThrow();
  });
});
