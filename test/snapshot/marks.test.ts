import { describe, expect, it } from 'vitest';
import type { Mark, MarkKind } from '../../src/domain/index.ts';
import { markAfter, turnOf } from '../../src/snapshot/marks.ts';

const DAY = 24 * 3_600_000;
const seen = (at: number) => ({ at, corroborated: at / DAY });

/** The mark after all of these were seen, a day apart. */
const markOf = (...days: Array<readonly string[]>): Mark =>
  days.reduce<Mark | undefined>(
    (mark, values, day) => markAfter('certificate', mark, values, seen(day * DAY)),
    undefined,
  ) as Mark;

describe('a mark', () => {
  it.each([
    [
      'stays',
      [
        ['key 1', 'issuer A'],
        ['key 1', 'issuer A'],
      ],
      null,
    ],
    ['is seen for the first time', [['key 1', 'issuer A']], null],
    [
      'has a new key of the same issuer',
      [
        ['key 1', 'issuer A'],
        ['key 2', 'issuer A'],
      ],
      null,
    ],
    [
      'has its key from a new issuer',
      [
        ['key 1', 'issuer A'],
        ['key 1', 'issuer B'],
      ],
      null,
    ],
    ['gets another server beside it', [['192.0.0.0/16'], ['192.0.0.0/16', '198.51.0.0/16']], null],
    ['alternates between two that are known', [['a', 'b'], ['a'], ['b'], ['a']], null],
    ['was never told before', [[], ['a.example']], null],
    ['is not told any more', [['a.example'], []], null],
    [
      'is wholly another',
      [
        ['key 1', 'issuer A'],
        ['key 2', 'issuer B'],
      ],
      { at: DAY, corroborated: 1 },
    ],
    ['turns twice', [['a'], ['b'], ['c']], { at: 2 * DAY, corroborated: 2 }],
    ['turns and turns back', [['a'], ['b'], ['a']], { at: DAY, corroborated: 1 }],
  ] satisfies Array<[string, string[][], Mark['turned']]>)('that %s is judged so', (_, days, turned) => {
    expect(markOf(...days).turned).toEqual(turned);
  });

  it('is the same object where nothing new was seen', () => {
    const mark = markOf(['a', 'b']);
    expect(markAfter('certificate', mark, ['b'], seen(DAY))).toBe(mark);
  });

  it('remembers no more than sixteen values', () => {
    const mark = markOf(...Array.from({ length: 40 }, (_, at) => ['always', `${at}`]));
    expect(mark.values).toHaveLength(16);
    expect(mark.values.at(-1)).toBe('39');
  });
});

describe('a turn', () => {
  const turned = (kind: MarkKind, day: number | null): Mark => ({
    kind,
    values: [],
    turned: day === null ? null : seen(day * DAY),
    checked: 0,
  });

  it.each<[string, Array<number | null>, number | undefined]>([
    ['nothing', [null, null, null], undefined],
    ['one mark', [5, null, null], undefined],
    ['two on one day', [5, 5, null], 5],
    ['two within a month', [5, 34, null], 34],
    ['two that have nothing to do with one another', [5, 40, null], undefined],
    ['all three', [5, 10, 20], 20],
    ['two long ago and one since', [5, 10, 100], 10],
  ])('of %s is as it must be', (_, [certificate = null, network = null, servers = null], day) => {
    const turn = turnOf([
      turned('certificate', certificate),
      turned('network', network),
      turned('name-servers', servers),
    ]);
    expect(turn && { at: Date.parse(turn.at), corroborated: turn.corroborated }).toEqual(
      day === undefined ? undefined : seen(day * DAY),
    );
  });

  it('names the marks that bear it out', () => {
    const turn = turnOf([turned('certificate', 100), turned('network', 10), turned('name-servers', 98)]);
    expect(turn?.marks).toEqual(['certificate', 'name-servers']);
  });
});
