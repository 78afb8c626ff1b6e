import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ReadOptions } from '../../../src/snapshot/formats/format.ts';
import { workplace } from '../temporary.ts';
import { fixture, reading } from './reading.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

async function readingOf(content: string | Uint8Array, options: Partial<ReadOptions> = {}) {
  await using place = await workplace();
  return await reading(await place.write('data', content), options);
}

describe('tables', () => {
  it('CC12M hashes: no header, two digests', async () => {
    const { format, records } = await readingOf(`https://example.org/a\t${sha256('a')}\t${md5('a')}\n`);
    expect(format).toBe('tsv');
    expect(records[0]?.digests.map(({ alg, value }) => [alg, value])).toEqual([
      ['sha256', sha256('a')],
      ['md5', md5('a')],
    ]);
  });

  it('CC3M: no header, the caption before the URL', async () => {
    const { records } = await readingOf(
      'a "dog" on grass\thttps://example.org/a\ncat\thttps://example.org/b\n',
    );
    expect(records.map(({ url, label, note }) => [url, label, note])).toEqual([
      ['https://example.org/a', 'a "dog" on grass', 'no digest recorded'],
      ['https://example.org/b', 'cat', 'no digest recorded'],
    ]);
  });

  it('FaceScrub and PubFig: the person is the label, comments come first', async () => {
    const face = await readingOf(
      `name\timage_id\tface_id\turl\tbbox\tsha256\nA B\t1\t2\thttps://example.org/a\t1,2,3,4\t${sha256('a')}\n`,
    );
    expect(face.records[0]).toMatchObject({ label: 'A B', digests: [{ alg: 'sha256' }] });
    const fig = await readingOf(
      `# comment\n#\tperson\timagenum\turl\trect\tmd5sum\nA B\t1\thttps://example.org/a\t1,2,3,4\t${md5('a')}\n`,
    );
    expect(fig.records[0]).toMatchObject({ label: 'A B', digests: [{ alg: 'md5' }] });
  });

  it('COYO: the perceptual hash', async () => {
    const { records } = await readingOf(
      'id,url,text,image_phash\n1,https://example.org/a,dog,eb6d1b0c5a9e13cd\n',
    );
    expect(records[0]).toMatchObject({
      label: 'dog',
      perceptual: [{ alg: 'phash', value: 'eb6d1b0c5a9e13cd' }],
      digests: [],
    });
  });

  it('LAION-5B: mmh3 in the column hash is no digest, and that is said', async () => {
    const { records, suspicions, refused } = await readingOf(
      '{"URL":"https://example.org/a","TEXT":"dog","WIDTH":1,"hash":-8121457122340938478}\n',
    );
    expect(records[0]).toMatchObject({ label: 'dog', digests: [], note: 'no digest recorded' });
    expect(refused).toEqual([]);
    expect(suspicions).toEqual([expect.stringContaining('column hash holds numbers')]);
  });

  it('img2dataset: its status is not one of HTTP', async () => {
    const { records } = await readingOf(
      `url,caption,key,status,error_message,sha256\nhttps://example.org/a,dog,0,success,,${sha256('a')}\nhttps://example.org/b,cat,1,failed_to_download,HTTP Error 404: Not Found,\n`,
    );
    expect(records.map(({ httpStatus, digests }) => [httpStatus, digests.length])).toEqual([
      [null, 1],
      [null, 0],
    ]);
  });

  it('RedPajama: a digest of extracted text is marked as such', async () => {
    const { records } = await readingOf(
      '{"url":"https://example.org/","date_download":"2023-01-02T03:04:05Z","digest":"sha1:ZA6MPPJEFGZ53KWFSLWMF7NDO7RKOWR4","length":1,"raw_content":"x"}',
    );
    expect(records[0]).toMatchObject({
      date: '2023-01-02T03:04:05.000Z',
      digests: [{ alg: 'sha1', scope: 'text' }],
    });
  });

  it('C4 and FineWeb: the text of a page is not its label', async () => {
    const { records } = await readingOf(
      '{"text":"A whole page.","timestamp":"2019-04-25 12:57:54","url":"https://example.org/"}',
    );
    expect(records[0]).toMatchObject({ label: null, date: '2019-04-25T12:57:54.000Z' });
  });

  it('columns that have other names are named by the user', async () => {
    const { records } = await readingOf(
      `where,what,sum\nhttps://example.org/a,dog,${sha256('a').toUpperCase()}\n`,
      {
        columns: { url: 'where', label: 'what', sha256: 'sum' },
      },
    );
    expect(records[0]).toMatchObject({
      url: 'https://example.org/a',
      label: 'dog',
      digests: [{ value: sha256('a') }],
    });
  });

  it('a column that is not there is an error that names those that are', async () => {
    await expect(readingOf('url,md5\n', { columns: { sha256: 'sum' } })).rejects.toThrow(
      'Expected a column "sum" for sha256 but found url, md5',
    );
    await expect(readingOf('a,b\n1,2\n')).rejects.toThrow('Expected a column of URLs');
  });

  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['gzip', (text: string) => gzipSync(text)],
    [
      'gzip in members',
      (text: string) => Buffer.concat([gzipSync(text.slice(0, 20)), gzipSync(text.slice(20))]),
    ],
    ['zstd', (text: string) => zstdCompressSync(text)],
    [
      'with byte order mark and CRLF',
      (text: string) => Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`),
    ],
  ])('content may be %s', async (_, encode) => {
    const { format, records } = await readingOf(encode(`url,sha256\nhttps://example.org/a,${sha256('a')}\n`));
    expect([format, records.length]).toEqual(['csv', 1]);
  });

  it('quoted cells may hold commas, quotes and lines; rows are numbered as an editor numbers their last line', async () => {
    const { records, rows } = await readingOf(
      'url,caption\n"https://example.org/a,b","a ""dog"",\nsitting"\nhttps://example.org/c,cat\n',
    );
    expect(records.map(({ url, label }) => [url, label])).toEqual([
      ['https://example.org/a,b', 'a "dog",\nsitting'],
      ['https://example.org/c', 'cat'],
    ]);
    expect(rows).toEqual([3, 4]);
  });

  it.each([
    ['md5', 'x'.repeat(32)],
    ['md5', sha256('a')],
    ['sha256', md5('a')],
    ['phash', '12345'],
    ['date', 'yesterday'],
    ['http_status', '20'],
  ])('refuses %s %s', async (column, value) => {
    const { records, refused } = await readingOf(`url,${column}\nhttps://example.org/a,${value}\n`);
    expect([records.length, refused]).toMatchObject([0, [{ row: 2, column }]]);
  });

  it('a list of URLs is a list of records without digests', async () => {
    const { format, records } = await readingOf('https://example.org/a,b.jpg\nhttps://example.org/c\n');
    expect([format, records.map(({ url }) => url)]).toEqual([
      'txt',
      ['https://example.org/a,b.jpg', 'https://example.org/c'],
    ]);
  });

  it('goes on after the row where it was interrupted', async () => {
    const csv = `url,sha256\n${Array.from({ length: 10 }, (_, at) => `https://example.org/${at},${sha256(`${at}`)}`).join('\n')}`;
    expect((await readingOf(csv, { after: 8 })).rows).toEqual([9, 10, 11]);
    expect((await readingOf(csv.replaceAll(',', '\t'), { after: 8 })).rows).toEqual([9, 10, 11]);
  });

  it('real: the rows of img2dataset, one digest right and one wrong by a digit', async () => {
    await using place = await workplace();
    await place.import([fixture('img2dataset_sample_image.parquet')]);
    const records = await (await place.index()).find(
      'https://raw.githubusercontent.com/rom1504/img2dataset/main/tests/blur_test_files/original.png',
    );
    expect(records.map(({ digests, label }) => [digests[0]?.value.slice(24, 36), label])).toEqual([
      [expect.stringMatching(/^ac792fe/), 'Lorem Ipsum'],
      [expect.stringMatching(/^ac792fe/), 'Lorem Ipsum'],
    ]);
  });
});
