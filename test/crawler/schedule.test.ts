import { describe, expect, it } from 'vitest';
import { Schedule } from '../../crawler/schedule.ts';

/** Time that passes only while somebody sleeps. */
function bench(urls: readonly string[], delay: number) {
  let now = 0;
  const schedule = new Schedule(
    (async function* () {
      yield* urls;
    })(),
    {
      delayOf: () => delay,
      window: 3,
      clock: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
  );
  return { schedule, now: () => now };
}

describe('the schedule', () => {
  it('pauses between two requests to a host', async () => {
    const { schedule, now } = bench(['http://a.example/1', 'http://a.example/2'], 500);
    (await schedule.next())?.finish();
    expect(now()).toBe(0);
    expect((await schedule.next())?.url).toBe('http://a.example/2');
    expect(now()).toBe(500);
  });

  it('serves other hosts meanwhile', async () => {
    const { schedule } = bench(['http://a.example/1', 'http://a.example/2', 'http://b.example/1'], 500);
    const turns = [await schedule.next(), await schedule.next()];
    expect(turns.map((turn) => turn?.url)).toEqual(['http://a.example/1', 'http://b.example/1']);
  });

  it('never asks a host twice at a time', async () => {
    const { schedule } = bench(['http://a.example/1', 'http://a.example/2'], 0);
    const first = await schedule.next();
    const second = schedule.next();
    const early = await Promise.race([second, new Promise((done) => setImmediate(done, 'waiting'))]);
    expect(early).toBe('waiting');
    first?.finish();
    expect((await second)?.url).toBe('http://a.example/2');
  });

  it('gives every URL once, also beyond its window, and then nothing', async () => {
    const urls = Array.from({ length: 20 }, (_, n) => `http://h${n % 4}.example/${n}`);
    const { schedule } = bench(urls, 10);
    const seen: string[] = [];
    for (let turn = await schedule.next(); turn; turn = await schedule.next()) {
      seen.push(turn.url);
      turn.finish();
    }
    expect(seen.sort()).toEqual([...urls].sort());
  });

  it('gives nothing after a stop', async () => {
    const { schedule } = bench(['http://a.example/1'], 0);
    schedule.stop();
    expect(await schedule.next()).toBeUndefined();
  });
});
