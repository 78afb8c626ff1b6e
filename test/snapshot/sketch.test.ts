import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SnapshotRecord } from '../../src/domain/index.ts';
import { likenessToSketch, sketchOfExtract, sketchOfPage } from '../../src/snapshot/sketch.ts';
import { view } from '../compare/views.ts';
import { fixture, reading } from './formats/reading.ts';
import { workplace } from './temporary.ts';

/** So many words in letters only: digits are words of their own. */
const words = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) =>
    String(from + at).replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit))),
  ).join(' ');
const page = (text: string, around = ''): string =>
  `<title>t</title><body><nav>${around}</nav><main><article><p>${text}</p></article></main>`;
const sketchOf = (markup: string): string => sketchOfPage(view(markup))[0]?.value ?? '';
const likeness = (before: string, after: string) => likenessToSketch(sketchOf(before), view(after));

describe('a sketch of words', () => {
  it('is 132 octets, the same for the same words in other markup', () => {
    const value = sketchOf(page(words(0, 300)));
    expect(value).toMatch(/^[0-9a-f]{264}$/);
    expect(sketchOf(`<main><p>${words(0, 150)} <b>${words(150, 300)}</b></p></main>`)).toBe(value);
  });

  it.each([
    ['nothing', 0],
    ['a tenth', 100],
    ['a half', 500],
    ['all', 1000],
  ])('tells about how much still stands and is new where %s is replaced', (_name, replaced) => {
    const after = page(`${words(replaced, 1000)} ${words(5000, 5000 + replaced)}`);
    const found = likeness(page(words(0, 1000)), after);
    const share = replaced / 1000;
    expect(Math.abs((found?.kept ?? -1) - (1 - share))).toBeLessThan(0.12);
    expect(Math.abs((found?.fresh ?? -1) - share)).toBeLessThan(0.12);
  });

  it('of an extract says what stands, whatever else the page holds', () => {
    const [sketch] = sketchOfExtract(words(0, 400));
    const after = view(page(words(0, 400), `<a href=/>${words(900, 1000)}</a>`));
    const found = likenessToSketch(sketch?.value ?? '', after);
    expect(found?.kept).toBeGreaterThan(0.85);
    expect(found).not.toHaveProperty('fresh');
  });

  it('is none of fewer than twenty words', () => {
    expect(sketchOfPage(view(page(words(0, 19))))).toEqual([]);
    expect(sketchOfPage(view(page(words(0, 20))))).toHaveLength(1);
    expect(sketchOfExtract('')).toEqual([]);
  });

  it('holds for any text, and any text may be held against it', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 2000, unit: 'grapheme' }),
        fc.string({ maxLength: 500 }),
        (text, other) => {
          for (const { value } of sketchOfExtract(text)) {
            expect(value).toMatch(/^[0-9a-f]{264}$/);
            const { kept = 0 } = likenessToSketch(value, view(page(other))) ?? {};
            expect(kept).toBeGreaterThanOrEqual(0);
            expect(kept).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('importers that are asked for texts', () => {
  it('sketch the pages of a WARC, and nothing else of it', async () => {
    const { records } = await reading(fixture('warciojs_example.warc.gz'), { texts: true });
    const plain = await reading(fixture('warciojs_example.warc.gz'));
    const hashes = records.map(({ perceptual }) => perceptual.map(({ alg }) => alg));
    expect(hashes.flat()).not.toEqual([]);
    expect(hashes.flat().every((alg) => alg === 'minhash')).toBe(true);
    expect(records.map((record): SnapshotRecord => ({ ...record, perceptual: [] }))).toEqual(plain.records);
  });

  it('sketch the text of a corpus, which is no caption, and find it again in the index', async () => {
    await using place = await workplace();
    const row = { url: 'https://example.org/a', text: words(0, 200), timestamp: '2019-04-25T12:57:54Z' };
    const file = await place.write('c4.jsonl', `${JSON.stringify(row)}\n`);
    await place.import([file], { texts: true });
    const [record] = await (await place.index()).find(row.url);
    expect(record).toMatchObject({ label: null, perceptual: sketchOfExtract(row.text) });
  });
});
