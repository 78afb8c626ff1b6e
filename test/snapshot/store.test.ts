import { createHash } from 'node:crypto';
import { chmod, cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openIndex } from '../../src/snapshot/store.ts';
import { workplace } from './temporary.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const rows = (count: number, digest: (at: number) => string): string =>
  ['url,sha256', ...Array.from({ length: count }, (_, at) => `https://example.org/${at},${digest(at)}`)].join(
    '\n',
  );

describe('an index', () => {
  it('a folder that is not there is an empty index', async () => {
    await using place = await workplace();
    expect(await (await place.index()).find('https://example.org/')).toEqual([]);
  });

  it('what is no URL is not found', async () => {
    await using place = await workplace();
    expect(await (await place.index()).find('not a url')).toEqual([]);
  });

  it('newest first, records without a date last, equal ones once', async () => {
    await using place = await workplace();
    const dated = (date: string) =>
      JSON.stringify({ url: 'https://example.org/', md5: '0'.repeat(32), date });
    const file = await place.write(
      'a.jsonl',
      [dated('2020-01-01'), dated('2022-01-01'), dated(''), dated('2022-01-01')].join('\n'),
    );
    await place.import([file]);
    const found = await (await place.index()).find('https://example.org/');
    expect(found.map(({ date }) => date)).toEqual([
      '2022-01-01T00:00:00.000Z',
      '2020-01-01T00:00:00.000Z',
      null,
    ]);
  });

  it('finds URLs that a client would send alike, and no others', async () => {
    await using place = await workplace();
    await place.import([
      await place.write('a.csv', 'url,md5\nHTTP://Example.ORG:80/A b#c,00000000000000000000000000000000\n'),
    ]);
    const index = await place.index();
    expect(await index.find('http://example.org/A%20b')).toHaveLength(1);
    for (const other of [
      'https://example.org/A%20b',
      'http://example.org/a%20b',
      'http://www.example.org/A%20b',
      'http://example.org/A%20b?',
    ])
      expect(await index.find(other)).toEqual([]);
  });

  it('is a folder that can be copied and read without a right to write', async () => {
    await using place = await workplace();
    await place.import([
      await place.write(
        'a.csv',
        rows(100, (at) => sha256(`${at}`)),
      ),
    ]);
    const copy = join(place.dir, 'copy');
    await cp(join(place.dir, 'index'), copy, { recursive: true });
    await rm(join(place.dir, 'index'), { recursive: true });
    await chmod(copy, 0o555);
    const index = await openIndex(copy);
    expect(await index.find('https://example.org/7')).toHaveLength(1);
    index.tally('a', true);
    await index.close();
    await chmod(copy, 0o755);
    expect(await readdir(join(copy, 'segments'))).toHaveLength(1);
  });

  it('a digest that many URLs share makes their records doubtful, not those of others', async () => {
    await using place = await workplace();
    await place.import([
      await place.write(
        'a.csv',
        rows(1000, (at) => sha256(at % 10 === 0 ? 'removed' : `${at}`)),
      ),
    ]);
    const index = await place.index();
    expect((await index.find('https://example.org/10'))[0]?.note).toBe(
      'reference-suspect: many URLs of the dataset have this digest',
    );
    expect((await index.find('https://example.org/11'))[0]?.note).toBeNull();
  });

  it('many captures of one URL with one digest are no placeholder', async () => {
    await using place = await workplace();
    const lines = Array.from(
      { length: 500 },
      (_, at) => `{"url":"https://example.org/","md5":"${'0'.repeat(32)}","date":${1_600_000_000 + at}}`,
    );
    await place.import([await place.write('a.jsonl', lines.join('\n'))]);
    const found = await (await place.index()).find('https://example.org/');
    expect([found.length, found[0]?.note]).toEqual([500, null]);
  });

  it('a dataset most of whose records disagree is doubted, and the count outlives the process', async () => {
    await using place = await workplace();
    await place.import([
      await place.write(
        'a.csv',
        rows(100, (at) => sha256(`${at}`)),
      ),
    ]);
    const index = await openIndex(join(place.dir, 'index'));
    for (let at = 0; at < 60; at++) index.tally('a', at % 10 === 0);
    expect((await index.find('https://example.org/1'))[0]?.note).toBe(
      'reference-suspect: 54 of 60 checked records of the dataset disagree',
    );
    await index.close();
    const again = await place.index();
    expect(await again.datasets()).toEqual([
      {
        dataset: 'a',
        records: 100,
        skipped: 0,
        checked: { matched: 6, mismatched: 54 },
        suspicions: ['54 of 60 records that were checked disagree with what their URLs serve'],
      },
    ]);
  });

  it('a column that does not hold what its name says makes the dataset doubtful', async () => {
    await using place = await workplace();
    const digest = (at: number): string => (at < 30 ? 'f'.repeat(31) : sha256(`${at}`));
    const { imported, skipped } = await place.import([await place.write('a.csv', rows(40, digest))]);
    const index = await place.index();
    expect([imported, skipped]).toEqual([10, 30]);
    expect((await index.datasets())[0]?.suspicions).toEqual([
      expect.stringContaining('30 of 40 values of column sha256 are not 64 hex digits'),
    ]);
    expect((await index.find('https://example.org/35'))[0]?.note).toContain(
      'reference-suspect: 30 of 40 values of column sha256',
    );
  });
});
