import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workplace } from './temporary.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const lines = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, at) => {
    const url = `https://example.org/${at + from}.jpg`;
    return JSON.stringify({ url, sha256: sha256(url), caption: `Picture ${at + from}` });
  }).join('\n');

describe('importing records', () => {
  it('finds every record again, in the shape of the contract', async () => {
    await using place = await workplace();
    const file = await place.write('pictures.jsonl', lines(5000));
    expect(await place.import([file])).toEqual({ imported: 5000, skipped: 0, files: 1, skips: [] });
    const index = await place.index();
    expect(await index.find('https://example.org/4711.jpg')).toEqual([
      {
        url: 'https://example.org/4711.jpg',
        date: null,
        dataset: 'pictures',
        httpStatus: null,
        digests: [{ alg: 'sha256', value: sha256('https://example.org/4711.jpg'), scope: 'entity' }],
        perceptual: [],
        label: 'Picture 4711',
        note: null,
      },
    ]);
    const all = await index.findAll(Array.from({ length: 5000 }, (_, at) => `https://example.org/${at}.jpg`));
    expect(all.every((records) => records.length === 1)).toBe(true);
    expect(await index.find('https://example.org/5000.jpg')).toEqual([]);
  });

  it('reads back what a lookup prints', async () => {
    await using place = await workplace();
    const record = {
      url: 'https://example.org/a',
      date: '1999-12-31T23:59:59.123Z',
      dataset: 'other',
      httpStatus: 301,
      digests: [
        { alg: 'md5', value: '0'.repeat(32), scope: 'wire' },
        { alg: 'sha512', value: 'ab'.repeat(64), scope: 'text' },
      ],
      perceptual: [
        { alg: 'pdq', value: 'f'.repeat(64) },
        { alg: 'phash', value: '0123456789abcdef' },
      ],
      label: 'A label with \u00fcmlauts\nand lines',
      note: 'seen by hand',
    };
    const file = await place.write('a.jsonl', JSON.stringify(record));
    await place.import([file], { dataset: 'mine' });
    expect(await (await place.index()).find(record.url)).toEqual([record]);
  });

  it('an index that is open sees an import of another process at the next call', async () => {
    await using place = await workplace();
    const index = await place.index();
    expect(await index.find('https://example.org/1.jpg')).toEqual([]);
    await place.import([await place.write('one.jsonl', lines(10))]);
    expect(await index.find('https://example.org/1.jpg')).toHaveLength(1);
    await place.import([await place.write('two.jsonl', lines(10))]);
    expect((await index.find('https://example.org/1.jpg')).map(({ dataset }) => dataset).sort()).toEqual([
      'one',
      'two',
    ]);
  });

  it('the same file again replaces its records and leaves nothing behind', async () => {
    await using place = await workplace();
    const file = await place.write('pictures.jsonl', lines(100));
    const index = await place.index();
    await place.import([file]);
    expect(await index.find('https://example.org/1.jpg')).toHaveLength(1);
    await place.import([file]);
    expect(await index.find('https://example.org/1.jpg')).toHaveLength(1);
    expect((await index.datasets())[0]?.records).toBe(100);
    expect(await readdir(join(place.dir, 'index', 'segments'))).toHaveLength(3);
    expect(await readdir(join(place.dir, 'index', 'imports'))).toEqual([]);
  });

  it('counts, lists and skips bad rows, and takes the others', async () => {
    await using place = await workplace();
    const file = await place.write(
      'bad.csv',
      [
        'url,sha256',
        `https://example.org/a,${sha256('a')}`,
        'https://example.org/b,abc',
        `not a url,${sha256('c')}`,
        `https://example.org/d,${sha256('d')}`,
      ].join('\n'),
    );
    expect(await place.import([file])).toEqual({
      imported: 2,
      skipped: 2,
      files: 1,
      skips: [
        {
          file,
          row: 3,
          column: 'sha256',
          expected: expect.stringContaining('64 hex digits'),
          got: 'abc (3 characters)',
        },
        { file, row: 4, column: 'url', expected: 'an absolute http or https URL', got: 'not a url' },
      ],
    });
  });

  it('what a file holds reaches a terminal only escaped', async () => {
    await using place = await workplace();
    const file = await place.write('bad.csv', `url,md5\n\u001b[31mred,${'0'.repeat(32)}\n`);
    expect((await place.import([file])).skips[0]?.got).toBe('\\u001b[31mred');
    const header = await place.write('worse.csv', '\u001b[31m,b\n1,2\n');
    await expect(place.import([header])).rejects.toThrow('found \\u001b[31m, b in');
    expect(await readdir(join(place.dir, 'index', 'imports'))).toEqual([]);
  });

  it('says which file is missing or of no known kind', async () => {
    await using place = await workplace();
    await expect(place.import([join(place.dir, 'none.csv')])).rejects.toThrow(/ENOENT for .*none\.csv/);
    const file = await place.write('picture.csv', Buffer.from('89504e470d0a1a0a0000', 'hex'));
    await expect(place.import([file])).rejects.toMatchObject({
      code: 'import',
      message: expect.stringContaining('picture.csv begins with'),
    });
  });
});
