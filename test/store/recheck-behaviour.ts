/** What a store promises of rechecks, whatever engine it stands on. */
import { expect, it } from 'vitest';
import type { Recheck } from '../../src/domain/index.ts';
import type { Store } from '../../src/store/engine.ts';
import { verdict } from './verdict.ts';

const HOUR = 3_600_000;

const recheckOf = (id: string, step: number, due: number): Recheck => ({
  verdict: id,
  step,
  due,
  asked: { url: `https://example.org/${id}`, source: 'example.org', fields: [['User-Agent', 'Bot\u00e9']] },
});

export function keepsRechecks(open: (now: () => number) => Promise<Store>): void {
  const opened = async () => {
    const store = await open(() => 0);
    const keep = async (...dues: number[]) => {
      const fresh = verdict();
      const rechecks = dues.map((due, step) => recheckOf(fresh.id, step, due));
      await store.verdicts.append(fresh, [], rechecks);
      return rechecks as [Recheck, ...Recheck[]];
    };
    return { ...store, keep };
  };

  it('keeps rechecks with their verdict and gives them out when they are due, the longest due first', async () => {
    const { rechecks, keep, close } = await opened();
    const [later] = await keep(6 * HOUR, 72 * HOUR);
    const [sooner] = await keep(5 * HOUR);
    expect(await rechecks.take(4 * HOUR, 5 * HOUR)).toBeUndefined();
    expect(await rechecks.take(7 * HOUR, 8 * HOUR)).toEqual(sooner);
    expect(await rechecks.take(7 * HOUR, 8 * HOUR)).toEqual(later);
    expect(await rechecks.take(7 * HOUR, 8 * HOUR)).toBeUndefined();
    await close();
  });

  it('gives a recheck to one of those that ask at once', async () => {
    const { rechecks, keep, close } = await opened();
    const [only] = await keep(HOUR);
    const taken = await Promise.all([1, 2, 3].map(() => rechecks.take(HOUR, 2 * HOUR)));
    expect(taken.filter((each) => each !== undefined)).toEqual([only]);
    await close();
  });

  it('gives a recheck out again that was taken and not done', async () => {
    const { rechecks, keep, close } = await opened();
    const [only] = await keep(HOUR);
    await rechecks.take(HOUR, 2 * HOUR);
    const again = await rechecks.take(2 * HOUR, 3 * HOUR);
    expect(again).toEqual({ ...only, due: 2 * HOUR });
    if (again !== undefined) await rechecks.done(again);
    expect(await rechecks.take(9 * HOUR, 10 * HOUR)).toBeUndefined();
    await close();
  });

  it('gives up rechecks that were due long ago', async () => {
    const { rechecks, keep, close } = await opened();
    const [, kept] = await keep(HOUR, 3 * HOUR);
    await rechecks.drop(2 * HOUR);
    expect(await rechecks.take(9 * HOUR, 10 * HOUR)).toEqual(kept);
    await close();
  });
}
