import { describe, expect, it } from 'vitest';
import { changesBetween, likeness, settledChanges } from '../../src/compare/align.ts';

const words = (text: string) => text.split(' ');

describe('likeness', () => {
  it.each([
    ['a b c', 'a b c', 1],
    ['a b c', 'c b a', 1],
    ['a b', 'c d', 0],
    ['a a b', 'a b b', 2 / 3],
  ])('of %j and %j is %f', (one, other, value) => {
    expect(likeness(words(one), words(other))).toBeCloseTo(value, 5);
  });
});

describe('changesBetween', () => {
  it.each([
    ['a b c', 'a b c', []],
    ['a b c', 'a x c', [[1, 2, 1, 2]]],
    ['a b c', 'a c', [[1, 2, 1, 1]]],
    ['a c', 'a b c', [[1, 1, 1, 2]]],
    [
      'a b c d e',
      'x b c d y',
      [
        [0, 1, 0, 1],
        [4, 5, 4, 5],
      ],
    ],
  ])('from %j to %j', (from, to, hunks) => {
    expect(
      changesBetween(words(from), words(to)).map((hunk) => [
        hunk.fromStart,
        hunk.fromEnd,
        hunk.toStart,
        hunk.toEnd,
      ]),
    ).toEqual(hunks);
  });
});

describe('settledChanges', () => {
  it('leaves out what the versions disagree on', () => {
    expect(
      settledChanges(
        [words('at 12 the level was 3'), words('at 13 the level was 3')],
        words('at 14 the level was 3'),
      ),
    ).toEqual([]);
  });

  it('keeps what they agree on', () => {
    const kept = settledChanges(
      [words('at 12 the level was 3'), words('at 13 the level was 3')],
      words('at 14 the level was 9'),
    );
    expect(kept).toMatchObject([{ fromStart: 5, fromEnd: 6 }]);
  });
});
