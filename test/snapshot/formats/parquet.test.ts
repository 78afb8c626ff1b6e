import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { type Workplace, workplace } from '../temporary.ts';
import { reading } from './reading.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const urls = Array.from({ length: 1000 }, (_, at) => `https://example.org/${at}.jpg`);

type Options = Omit<Parameters<typeof parquetWriteBuffer>[0], 'columnData'>;

const write = (place: Workplace, columnData: ColumnSource[], options: Options = {}): Promise<string> =>
  place.write('data', new Uint8Array(parquetWriteBuffer({ columnData, ...options })));

const dataComp = (): ColumnSource[] => [
  { name: 'uid', data: urls.map((url) => sha256(url).slice(0, 32)), type: 'STRING' },
  { name: 'url', data: urls, type: 'STRING' },
  { name: 'text', data: urls.map((_, at) => `caption ${at}`), type: 'STRING' },
  { name: 'original_width', data: urls.map(() => 1), type: 'INT32' },
  { name: 'sha256', data: urls.map(sha256), type: 'STRING' },
];

/** A block of literals alone. @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md */
function lz4(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 15) return Buffer.concat([Buffer.from([bytes.length << 4]), bytes]);
  const rest = bytes.length - 15;
  return Buffer.concat([
    Buffer.from([0xf0]),
    Buffer.alloc(Math.floor(rest / 255), 255),
    Buffer.from([rest % 255]),
    bytes,
  ]);
}

/** The older codec: a block after its two lengths, as Hadoop frames it. */
function hadoopLz4(bytes: Uint8Array): Uint8Array {
  const block = lz4(bytes);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(bytes.length, 0);
  lengths.writeUInt32BE(block.length, 4);
  return Buffer.concat([lengths, block]);
}

describe('Parquet', () => {
  it.each([
    ['UNCOMPRESSED', {}],
    ['SNAPPY', {}],
    ['GZIP', { GZIP: (bytes: Uint8Array) => gzipSync(bytes) }],
    ['BROTLI', { BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes) }],
    ['ZSTD', { ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes) }],
    ['LZ4_RAW', { LZ4_RAW: lz4 }],
    ['LZ4', { LZ4: hadoopLz4 }],
  ] as const)('DataComp with codec %s', async (codec, compressors) => {
    await using place = await workplace();
    const file = await write(place, dataComp(), { codec, compressors, rowGroupSize: 300 });
    expect(await place.import([file], { dataset: 'datacomp' })).toMatchObject({ imported: 1000, skipped: 0 });
    expect(await (await place.index()).find(urls[777] ?? '')).toEqual([
      {
        url: urls[777],
        date: null,
        dataset: 'datacomp',
        httpStatus: null,
        digests: [{ alg: 'sha256', value: sha256(urls[777] ?? ''), scope: 'entity' }],
        perceptual: [],
        label: 'caption 777',
        note: null,
      },
    ]);
  });

  it('captions are left out when they are not wanted', async () => {
    await using place = await workplace();
    await place.import([await write(place, dataComp())], { labels: false });
    expect((await (await place.index()).find(urls[1] ?? ''))[0]?.label).toBeNull();
  });

  it('rows that are not plain take the long way: they are read or refused by number', async () => {
    await using place = await workplace();
    const file = await write(place, [
      {
        name: 'url',
        data: ['https://example.org/a', 'HTTPS://EXAMPLE.org/ b', 'nothing', 'https://example.org/d', null],
        type: 'STRING',
      },
      {
        name: 'md5',
        data: ['0'.repeat(32), `${'AB'.repeat(16)}`, '0'.repeat(32), 'short', '0'.repeat(32)],
        type: 'STRING',
      },
    ]);
    const { imported, skips } = await place.import([file]);
    expect([imported, skips.map(({ row, column }) => [row, column])]).toEqual([
      2,
      [
        [3, 'url'],
        [4, 'md5'],
        [5, 'url'],
      ],
    ]);
    const [record] = await (await place.index()).find('https://example.org/%20b');
    expect(record?.digests[0]?.value).toBe('ab'.repeat(16));
  });

  it('the columns of the Common Crawl index', async () => {
    await using place = await workplace();
    const file = await write(place, [
      { name: 'url_surtkey', data: ['org,example)/'], type: 'STRING' },
      { name: 'url', data: ['https://example.org/'], type: 'STRING' },
      { name: 'fetch_time', data: [new Date('2025-05-12T05:40:01Z')], type: 'TIMESTAMP' },
      { name: 'fetch_status', data: [200], type: 'INT32' },
      { name: 'content_digest', data: ['ZA6MPPJEFGZ53KWFSLWMF7NDO7RKOWR4'], type: 'STRING' },
      { name: 'content_truncated', data: ['length'], type: 'STRING' },
      { name: 'warc_filename', data: ['crawl-data/CC-MAIN-2025-21/a.warc.gz'], type: 'STRING' },
    ]);
    expect((await reading(file)).records).toMatchObject([
      {
        date: '2025-05-12T05:40:01.000Z',
        httpStatus: 200,
        digests: [{ alg: 'sha1', value: 'c83cc7bd2429b3ddaac592ecc2fda377e2a75a3c', scope: 'decoded' }],
        note: 'truncated: length',
      },
    ]);
  });

  it('digests as octets', async () => {
    await using place = await workplace();
    const digest = createHash('sha256').update('a').digest();
    const file = await write(place, [
      { name: 'url', data: ['https://example.org/'], type: 'STRING' },
      { name: 'sha256', data: [new Uint8Array(digest)], type: 'BYTE_ARRAY' },
    ]);
    expect((await reading(file)).records[0]?.digests).toEqual([
      { alg: 'sha256', value: digest.toString('hex'), scope: 'entity' },
    ]);
  });

  it('numbers in a hash column are no digests', async () => {
    await using place = await workplace();
    const file = await write(place, [
      { name: 'URL', data: ['https://example.org/'], type: 'STRING' },
      { name: 'hash', data: [-8121457122340938478n], type: 'INT64' },
    ]);
    const { records, suspicions } = await reading(file);
    expect([records[0]?.digests, suspicions.length]).toEqual([[], 1]);
  });

  it('says that a file is broken instead of reading it', async () => {
    await using place = await workplace();
    const whole = new Uint8Array(parquetWriteBuffer({ columnData: dataComp() }));
    const file = await place.write('data', whole.subarray(0, whole.length - 100));
    await expect(place.import([file])).rejects.toMatchObject({
      code: 'import',
      message: expect.stringContaining('Expected readable content'),
    });
  });
});
