import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { workplace } from '../temporary.ts';
import { fixture, reading } from './reading.ts';

const sha = (alg: string, content: Buffer | string): string => createHash(alg).update(content).digest('hex');

interface Made {
  type?: string;
  fields?: Record<string, string>;
  head?: string;
  body?: Buffer | string;
  url?: string;
}

/** One record as archives write it; the digest is given, since that is what differs between them. */
function made({
  type = 'response',
  fields = {},
  head = 'HTTP/1.1 200 OK\r\n',
  body = 'content',
  url = 'https://example.org/',
}: Made): Buffer {
  const block = Buffer.concat([Buffer.from(head === '' ? '' : `${head}\r\n`), Buffer.from(body)]);
  const all = {
    'WARC-Type': type,
    'WARC-Target-URI': url,
    'WARC-Date': '2024-05-18T01:58:10Z',
    'Content-Type': type === 'resource' ? 'text/plain' : 'application/http; msgtype=response',
    'Content-Length': String(block.length),
    ...fields,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`WARC/1.1\r\n${lines.join('')}\r\n`), block, Buffer.from('\r\n\r\n')]);
}

async function readingOf(...records: Made[]) {
  await using place = await workplace();
  return await reading(
    await place.write('a.warc.gz', Buffer.concat(records.map((record) => gzipSync(made(record))))),
  );
}

const payloadDigest = (value: string) => ({ 'WARC-Payload-Digest': value });

describe('WARC', () => {
  it('a digest over the stored body covers the entity', async () => {
    const { format, records } = await readingOf({ fields: payloadDigest(`sha1:${sha('sha1', 'content')}`) });
    expect(format).toBe('warc');
    expect(records).toEqual([
      {
        url: 'https://example.org/',
        date: '2024-05-18T01:58:10.000Z',
        dataset: 'set',
        httpStatus: 200,
        digests: [{ alg: 'sha1', value: sha('sha1', 'content'), scope: 'entity' }],
        perceptual: [],
        label: null,
        note: null,
      },
    ]);
  });

  it('Common Crawl stores the decoded body and says so in renamed fields', async () => {
    const { records } = await readingOf({
      head: 'HTTP/1.1 200 OK\r\nX-Crawler-Content-Encoding: gzip\r\n',
      fields: payloadDigest(`sha1:${sha('sha1', 'content')}`),
    });
    expect(records[0]?.digests).toEqual([{ alg: 'sha1', value: sha('sha1', 'content'), scope: 'decoded' }]);
  });

  it('the scope of a coded body is found by test, not believed', async () => {
    const coded = gzipSync('content');
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n';
    const decoded = { alg: 'sha256', value: sha('sha256', 'content'), scope: 'decoded' };
    const overEntity = await readingOf({
      head,
      body: coded,
      fields: payloadDigest(`sha256:${sha('sha256', coded)}`),
    });
    expect(overEntity.records[0]?.digests).toEqual([
      { alg: 'sha256', value: sha('sha256', coded), scope: 'entity' },
      decoded,
    ]);
    const overDecoded = await readingOf({
      head,
      body: coded,
      fields: payloadDigest(`sha256:${sha('sha256', 'content')}`),
    });
    expect(overDecoded.records[0]?.digests).toEqual([decoded]);
  });

  it('a digest over chunk framing is kept as such, beside that of what it frames', async () => {
    const framed = '7\r\ncontent\r\n0\r\n\r\n';
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n';
    const { records } = await readingOf({
      head,
      body: framed,
      fields: payloadDigest(`sha1:${sha('sha1', framed)}`),
    });
    expect(records[0]?.digests).toEqual([
      { alg: 'sha256', value: sha('sha256', 'content'), scope: 'entity' },
      { alg: 'sha1', value: sha('sha1', framed), scope: 'wire' },
    ]);
  });

  it('a body that only claims to be chunked is taken as it is', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n';
    const { records } = await readingOf({ head, fields: payloadDigest(`sha1:${sha('sha1', 'content')}`) });
    expect(records[0]?.digests).toEqual([{ alg: 'sha1', value: sha('sha1', 'content'), scope: 'entity' }]);
  });

  it('a digest of other bytes is replaced by that of the stored ones', async () => {
    const { records } = await readingOf({ fields: payloadDigest(`md5:${sha('md5', 'other')}`) });
    expect(records[0]).toMatchObject({
      digests: [{ alg: 'sha256', value: sha('sha256', 'content'), scope: 'entity' }],
      note: 'the recorded digest is not that of the stored bytes',
    });
  });

  it.each([
    [
      { fields: { 'WARC-Truncated': 'length', ...payloadDigest(`sha1:${sha('sha1', 'whole')}`) } },
      'truncated: length',
    ],
    [{ type: 'revisit', body: '', fields: payloadDigest(`sha1:${sha('sha1', 'whole')}`) }, 'revisit'],
    [
      { type: 'revisit', head: '', body: '', fields: payloadDigest(`sha1:${sha('sha1', 'whole')}`) },
      'revisit',
    ],
    [
      { fields: { 'WARC-Segment-Number': '1', ...payloadDigest(`sha1:${sha('sha1', 'whole')}`) } },
      'truncated',
    ],
  ])('what cannot be checked says why: %#', async (record, note) => {
    const { records } = await readingOf(record);
    expect(records[0]).toMatchObject({ note, digests: [{ value: sha('sha1', 'whole'), scope: 'unknown' }] });
  });

  it('takes resources and extracted text, and passes over requests, metadata and files of the tool itself', async () => {
    const { records, refused } = await readingOf(
      { type: 'request', head: 'GET / HTTP/1.1\r\n' },
      { type: 'metadata' },
      { type: 'resource', head: '', url: '<https://example.org/r>' },
      { type: 'resource', head: '', url: 'metadata://example.org/log' },
      { type: 'conversion', head: '', fields: { 'WARC-Block-Digest': `sha1:${sha('sha1', 'content')}` } },
    );
    expect(refused).toEqual([]);
    expect(records.map(({ url, digests }) => [url, digests[0]?.scope])).toEqual([
      ['https://example.org/r', 'entity'],
      ['https://example.org/', 'text'],
    ]);
  });

  it('a digest of extracted text is held against the stored text', async () => {
    const { records } = await readingOf(
      { type: 'conversion', head: '', fields: { 'WARC-Block-Digest': `sha1:${sha('sha1', 'content')}` } },
      { type: 'conversion', head: '', fields: { 'WARC-Block-Digest': `sha1:${sha('sha1', 'other')}` } },
    );
    expect(records.map(({ note }) => note)).toEqual([
      null,
      'the recorded digest is not that of the stored bytes',
    ]);
  });

  it('a file that breaks off gives what it had and one complaint', async () => {
    await using place = await workplace();
    const whole = Buffer.concat([made({}), made({ url: 'https://example.org/2' })]);
    const { records, refused } = await reading(
      await place.write('a.warc', whole.subarray(0, whole.length - 20)),
    );
    expect(records).toHaveLength(1);
    expect(refused).toEqual([
      { row: 2, expected: 'a WARC record', got: 'the end of the file within a record' },
    ]);
  });

  it('a header without end is not read into memory', async () => {
    await using place = await workplace();
    const { refused } = await reading(await place.write('a.warc', `WARC/1.0\r\nA: ${'x'.repeat(200_000)}`));
    expect(refused).toMatchObject([{ row: 1, expected: 'a WARC record' }]);
  });

  it('real archives: hex digest over chunks, gzip body, revisit, body that is not chunked', async () => {
    const chunked = await reading(fixture('warciojs_example-iana.org-chunked.warc'));
    expect(chunked.records[0]?.digests.map(({ alg, scope }) => `${alg} ${scope}`)).toEqual([
      'sha256 entity',
      'sha1 wire',
    ]);
    const coded = await reading(fixture('warciojs_example.warc.gz'));
    expect(coded.records.map(({ note, digests }) => [note, digests[0]?.scope])).toEqual([
      [null, 'entity'],
      ['revisit', 'unknown'],
    ]);
    const plain = await reading(fixture('warciopy_example-bad-non-chunked.warc.gz'));
    expect(plain.records[0]?.digests[0]).toEqual(coded.records[0]?.digests[0]);
  });
});
