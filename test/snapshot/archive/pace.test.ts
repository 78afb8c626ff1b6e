import { describe, expect, it } from 'vitest';
import { Pace, pauseAfter } from '../../../src/snapshot/archive/pace.ts';

const NOW = Date.parse('2026-11-22T00:00:00Z');

describe('the pace of an archive', () => {
  it('turns are evenly spaced, and none is given after the deadline', () => {
    const pace = new Pace(30);
    expect([pace.take(0, 9000), pace.take(0, 9000), pace.take(3000, 9000), pace.take(3000, 3500)]).toEqual([
      0,
      2000,
      4000,
      undefined,
    ]);
    // What was not given is not spent.
    expect(pace.take(3000, 9000)).toBe(6000);
  });

  it('nobody asks before the archive wants to be asked again', () => {
    const pace = new Pace(60);
    pace.hold(5000);
    expect([pace.take(1000, 4000), pace.take(1000, 6000)]).toEqual([undefined, 5000]);
  });

  it.each([
    ['120', 120_000],
    ['Sun, 22 Nov 2026 00:05:00 GMT', 300_000],
    ['Sat, 21 Nov 2026 00:05:00 GMT', 0],
    ['999999999', 24 * 3_600_000],
    ['soon', 60_000],
    [undefined, 60_000],
  ])('Retry-After %s is a pause of %i ms', (given, pause) => {
    expect(pauseAfter(given, NOW)).toBe(pause);
  });
});
