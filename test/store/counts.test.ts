import { describe, expect, it } from 'vitest';
import { addUp, countVerdict } from '../../src/store/counts.ts';
import { verdict } from './verdict.ts';

describe('counts of one commit', () => {
  it('are added up by host and by registrable domain', () => {
    const of = (source: string, confirms: number | null) =>
      countVerdict(verdict({ source }), confirms, '2026-01-01T00:00:00.000Z');
    const sums = addUp([
      ...of('a.example.org', null),
      ...of('b.example.org', 7),
      ...of('a.example.org', null),
    ]);
    expect(sums.map(({ scope, name, exchanges, confirmed }) => [scope, name, exchanges, confirmed])).toEqual([
      ['host', 'a.example.org', 2, null],
      ['domain', 'example.org', 3, 7],
      ['host', 'b.example.org', 1, 7],
    ]);
  });
});
