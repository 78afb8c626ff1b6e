import { describe, expect, it } from 'vitest';
import { createBehind, unlessAborted } from '../src/behind.ts';

const QUICK = { pause: 0, most: 3 };
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('work behind the exchanges', () => {
  it('is done one at a time, each once while it waits, the newest of it', async () => {
    const done: number[] = [];
    let atOnce = 0;
    const behind = createBehind(async (what: number) => {
      atOnce += 1;
      expect(atOnce).toBe(1);
      await turn();
      done.push(what);
      atOnce -= 1;
      return true;
    }, QUICK);
    behind.add('a', 1);
    for (const what of [2, 3, 4]) behind.add('b', what);
    await expect.poll(() => done).toEqual([1, 4]);
    await behind.close();
  });

  it('finds room for so much and drops the rest', async () => {
    const done: string[] = [];
    const behind = createBehind(async (what: string) => done.push(what) > 0, QUICK);
    for (const what of 'abcdefgh') behind.add(what, what);
    await expect.poll(() => done.length).toBeGreaterThanOrEqual(3);
    await turn();
    expect(done.length).toBeLessThan(8);
    await behind.close();
  });

  it('goes on with what comes after a failure', async () => {
    const done: string[] = [];
    const behind = createBehind(async (what: string) => {
      if (what === 'broken') throw new Error('Expected a store.');
      return done.push(what) > 0;
    }, QUICK);
    behind.add('broken', 'broken');
    await turn();
    behind.add('next', 'next');
    await expect.poll(() => done).toEqual(['next']);
    await behind.close();
  });

  it('ends when it is closed, and waits for nothing that never comes', async () => {
    const behind = createBehind(async (_: string, signal) => {
      await unlessAborted(new Promise(() => {}), signal);
      return true;
    }, QUICK);
    behind.add('a', 'a');
    behind.add('b', 'b');
    await behind.close();
    behind.add('c', 'c');
  });
});
