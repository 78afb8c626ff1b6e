import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/domain/index.ts';
import { dueTimes, RECHECK_AFTER } from '../../src/guard/due.ts';
import { keyedSampler } from '../../src/sampler.ts';

const HOUR = 3_600_000;
const exchange = (at: number): Exchange => ({
  id: `01J${String(at).padStart(23, '0')}`,
  method: 'GET',
  url: 'https://example.org/a',
  source: 'example.org',
  fields: [['User-Agent', 'Bot']],
  receivedAt: 0,
});
const sampler = keyedSampler(Buffer.from('one key'));
const timesOf = (at: number, sampled = 1, by = sampler) =>
  dueTimes(exchange(at), { sampler: by, sampled, now: 0 });

describe('the times at which a URL is asked again', () => {
  it('lie hours and days later, each up to half an interval late', () => {
    for (let at = 0; at < 200; at += 1) {
      const [hours = 0, days = 0] = timesOf(at);
      expect(hours).toBeGreaterThanOrEqual(6 * HOUR);
      expect(hours).toBeLessThan(9 * HOUR);
      expect(days).toBeGreaterThanOrEqual(72 * HOUR);
      expect(days).toBeLessThan(108 * HOUR);
    }
  });

  it('are the same for the same exchange and key, and others for another key', () => {
    expect(timesOf(1)).toEqual(timesOf(1));
    expect(timesOf(1)).not.toEqual(timesOf(2));
    expect(timesOf(1)).not.toEqual(timesOf(1, 1, keyedSampler(Buffer.from('another key'))));
  });

  it('exist for as many exchanges as are sampled', () => {
    const drawn = Array.from({ length: 4000 }, (_, at) => timesOf(at, 0.05)).filter(
      (times) => times.length > 0,
    );
    // 200 expected, standard deviation 14.
    expect(drawn.length).toBeGreaterThan(130);
    expect(drawn.length).toBeLessThan(270);
    expect(drawn.every((times) => times.length === RECHECK_AFTER.length)).toBe(true);
    expect(timesOf(1, 0)).toEqual([]);
  });

  it('are not told by whether the exchange was audited', () => {
    const draws = Array.from({ length: 2000 }, (_, at) => [
      sampler.draw(exchange(at)) < 0.5,
      timesOf(at, 0.5).length > 0,
    ]);
    const both = draws.filter(([audited, rechecked]) => audited && rechecked).length;
    expect(both).toBeGreaterThan(400);
    expect(both).toBeLessThan(600);
  });
});
