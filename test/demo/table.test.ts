import { describe, expect, it } from 'vitest';
import { text } from '../origin/answer.ts';
import type { Exhibit } from './exhibits.ts';
import { type Outcome, verdictTable } from './table.ts';

const exhibit = (kind: string, expected: Exhibit['expected']): Exhibit => ({
  kind,
  host: 'a.localhost',
  path: '/1',
  handler: () => text(''),
  expected,
});
const outcome = (
  kind: string,
  expected: Exhibit['expected'],
  verdict: string | null,
  action: string | null,
): Outcome => ({
  exhibit: exhibit(kind, expected),
  verdict,
  action,
});

describe('the table of verdicts', () => {
  it('counts each kind, names what is not as expected, and sums up', () => {
    const table = verdictTable([
      outcome('still page', 'pass', 'clean', 'pass'),
      outcome('still page', 'pass', 'suspect', 'quarantine'),
      outcome('LIE redirect', 'withheld', 'poisoned', 'block'),
      outcome('LIE redirect', 'withheld', null, null),
    ]);
    expect(table.split('\n')).toEqual([
      'kind          expected  URLs  clean  unverified  suspect  poisoned  none  right',
      '------------  --------  ----  -----  ----------  -------  --------  ----  -----',
      'still page    pass         2      1           .        1         .     .    1/2',
      'LIE redirect  withheld     2      .           .        .         1     1    1/2',
      '',
      'not as expected: still page a.localhost/1 suspect',
      'not as expected: LIE redirect a.localhost/1 none',
      'Lies withheld: 1 of 2. Honest answers withheld: 1 of 2.',
    ]);
  });
});
