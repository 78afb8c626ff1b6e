import { describe, expect, it } from 'vitest';
import { lowerBound, upperBound } from './interval.ts';

describe('bounds on a rate', () => {
  it.each([
    [0, 2995, 0.001],
    [0, 598, 0.005],
    [1, 100, 0.0466],
    [5, 50, 0.1995],
  ])('leave at most, after %i of %i, %f', (hits, n, bound) => {
    expect(upperBound(hits, n)).toBeCloseTo(bound, 4);
    expect(lowerBound(n - hits, n)).toBeCloseTo(1 - bound, 4);
  });

  it('say nothing after nothing', () => {
    expect([lowerBound(0, 0), upperBound(0, 0)]).toEqual([0, 1]);
  });
});
