import { describe, expect, it } from 'vitest';
import { recalling } from '../../src/store/recall.ts';

describe('what was read a moment ago', () => {
  const stage = () => {
    let now = 0;
    let reads = 0;
    const recall = recalling<number>(() => now);
    const read = async () => {
      reads += 1;
      return reads;
    };
    return { recall, read, pass: (ms: number) => (now += ms) };
  };

  it('is not read again within a second, and is after it', async () => {
    const { recall, read, pass } = stage();
    expect([await recall.of('a', read), await recall.of('a', read), await recall.of('b', read)]).toEqual([
      1, 1, 2,
    ]);
    pass(1_000);
    expect(await recall.of('a', read)).toBe(3);
  });

  it('is read again once it was written, even where the read before has not ended', async () => {
    const { recall, read } = stage();
    const before = recall.of('a', read);
    recall.forget('a');
    expect([await before, await recall.of('a', read)]).toEqual([1, 2]);
  });

  it('is read again where reading failed', async () => {
    const { recall, read } = stage();
    await expect(recall.of('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(await recall.of('a', read)).toBe(1);
  });
});

it('what was added is added to what is held, and a read under way is not trusted', async () => {
  const recall = recalling<number | undefined>(() => 0);
  expect(await recall.of('a', async () => 1)).toBe(1);
  recall.change('a', (known) => known + 1);
  expect(await recall.of('a', async () => 9)).toBe(2);
  const slow = Promise.withResolvers<number>();
  const early = recall.of('b', () => slow.promise);
  recall.change('b', (known) => known + 1);
  slow.resolve(1);
  expect(await early).toBe(1);
  expect(await recall.of('b', async () => 2)).toBe(2);
  expect(await recall.of('c', async () => undefined)).toBeUndefined();
  recall.change('c', (known) => known + 1);
  expect(await recall.of('c', async () => 1)).toBe(1);
});
