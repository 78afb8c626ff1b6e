/** Whether verdicts pass a filter. */
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../src/dashboard/filter.ts';
import { type Entry, fingerprintOf, matches, severityOf } from '../../src/dashboard/match.ts';
import { finding, lie } from '../store/verdict.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const findings = [
  finding('text.hidden', { severity: 'low', score: 0.9 }),
  finding('split-view.text', { severity: 'high', evidence: { fingerprint: 'd1:ab' } }),
];
const entry: Entry = {
  verdict: {
    ...lie({
      url: 'https://www.example.org/a/b',
      source: 'www.example.org',
      decidedAt: '2026-11-22T11:00:00.000Z',
      findings,
    }),
    review: null,
    log: 1,
  },
  state: 'to-review',
  fingerprint: 'd1:ab',
};

describe('match', () => {
  it.each([
    ['', true],
    ['host:www.example.org', true],
    ['host:*.example.org', true],
    ['host:example.org', false],
    ['-host:example.org', true],
    ['severity:high', true],
    ['severity:>=high', true],
    ['severity:>high', false],
    ['severity:<=medium', false],
    ['score:>0.9', true],
    ['score:<0.9', false],
    ['kind:split-view.*', true],
    ['kind:image.*,text.hidden', true],
    ['-kind:split-view.text', false],
    ['verdict:poisoned action:block', true],
    ['is:to-review', true],
    ['is:accepted,quarantined', false],
    ['type:text/*', true],
    ['snapshot:unlisted', true],
    ['fingerprint:d1:ab', true],
    ['since:2h', true],
    ['since:30min', false],
    ['since:2026-11-22', true],
    ['url:/a/', true],
    ['PARAGRAPH reached', true],
    ['"reached only"', true],
    ['-crawler', false],
  ])('%j: %s', (text, expected) => {
    const filter = parseFilter(text);
    expect(filter.problems).toEqual([]);
    expect(matches(filter, entry, NOW)).toBe(expected);
  });

  it('takes severity and fingerprint from the strongest finding that has one', () => {
    expect(severityOf(entry.verdict)).toBe('high');
    expect(fingerprintOf(entry.verdict)).toBe('d1:ab');
  });
});
