import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SnapshotRecord } from '../../src/domain/index.ts';
import { writeRecordSet } from '../../src/snapshot/record-set.ts';
import { uidArray } from '../../src/snapshot/uids.ts';
import { workplace } from './temporary.ts';

const record = (url: string, change: Partial<SnapshotRecord> = {}): SnapshotRecord => ({
  url,
  date: '2026-11-22T01:02:03.000Z',
  dataset: 'mine',
  httpStatus: 200,
  digests: [{ alg: 'sha256', value: 'ab'.repeat(32), scope: 'entity' }],
  perceptual: [],
  label: 'a "dog", sitting',
  note: null,
  ...change,
});

describe('a record set', () => {
  it.each(['parquet', 'jsonl', 'csv', 'cdxj'] as const)(
    'in %s is read back by the importer',
    async (format) => {
      await using place = await workplace();
      const path = join(place.dir, 'set');
      expect(
        await writeRecordSet(
          [record('https://www.example.org/A?b'), record('https://example.org/c')],
          path,
          format,
        ),
      ).toBe(2);
      expect(await place.import([path], { dataset: 'mine' })).toMatchObject({ imported: 2, skipped: 0 });
      const [found] = await (await place.index()).find('https://www.example.org/A?b');
      expect(found?.digests[0]).toMatchObject({ alg: 'sha256', value: 'ab'.repeat(32) });
      expect(found?.label).toBe(format === 'cdxj' ? null : 'a "dog", sitting');
    },
  );

  it('CDXJ is sorted by the keys that archives look up', async () => {
    await using place = await workplace();
    const path = join(place.dir, 'set');
    const urls = [
      'https://www.Example.org/B?y=2&x=1',
      'http://127.0.0.1:8080/a',
      'https://example.org/',
      'https://sub.example.org:8443/',
    ];
    await writeRecordSet(
      urls.map((url) => ({ ...record(url), mediaType: 'image/png' })),
      path,
      'cdxj',
    );
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    // As the package surt of the Internet Archive writes them.
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      '1,0,0,127:8080)/a',
      'org,example)/',
      'org,example)/b?x=1&y=2',
      'org,example,sub:8443)/',
    ]);
    expect(JSON.parse(lines[1]?.split(' ').slice(2).join(' ') ?? '')).toMatchObject({
      url: 'https://example.org/',
      mime: 'image/png',
      status: '200',
      digest: `sha256:${'ab'.repeat(32)}`,
    });
  });

  it('leaves out what the format has no place for', async () => {
    await using place = await workplace();
    const path = join(place.dir, 'set');
    const bare = record('https://example.org/', { digests: [], date: null });
    for (const format of ['parquet', 'csv', 'cdxj'] as const)
      expect(await writeRecordSet([bare], path, format)).toBe(0);
    expect(await writeRecordSet([bare], path, 'jsonl')).toBe(1);
  });

  it('uids become the sorted array that DataComp takes', () => {
    const file = uidArray(['ffffffffffffffff0000000000000001', '00000000000000020000000000000003']);
    const head = file.readUInt16LE(8) + 10;
    expect(file.toString('latin1', 0, 8)).toBe('\u0093NUMPY\u0001\u0000');
    expect([head % 64, file.length - head]).toEqual([0, 32]);
    expect([0, 8, 16, 24].map((at) => file.readBigUInt64LE(head + at))).toEqual([2n, 3n, 2n ** 64n - 1n, 1n]);
    expect(() => uidArray(['x'])).toThrow('Expected uids of 32 hex digits but received "x".');
  });

  it('CSV has the columns that img2dataset is told', async () => {
    await using place = await workplace();
    const path = join(place.dir, 'set');
    await writeRecordSet([record('https://example.org/')], path, 'csv');
    expect(await readFile(path, 'utf8')).toBe(
      `url,caption,sha256\nhttps://example.org/,"a ""dog"", sitting",${'ab'.repeat(32)}\n`,
    );
  });
});
