/** The filter language. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FIELDS,
  formatFilter,
  globs,
  parseFilter,
  storeQuery,
  withTerm,
} from '../../src/dashboard/filter.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const written = (text: string) => formatFilter(parseFilter(text).terms);

describe('filter', () => {
  it('reads the example of the manual', () => {
    expect(parseFilter('host:example.org severity:>=high kind:split-view.* is:reopened')).toEqual({
      written: 'host:example.org severity:>=high kind:split-view.* is:reopened',
      problems: [],
      terms: [
        { field: 'host', negated: false, comparison: '=', values: ['example.org'] },
        { field: 'severity', negated: false, comparison: '>=', values: ['high'] },
        { field: 'kind', negated: false, comparison: '=', values: ['split-view.*'] },
        { field: 'is', negated: false, comparison: '=', values: ['reopened'] },
      ],
    });
  });

  it.each([
    ['verdict:poisoned,suspect -is:accepted', 'verdict:poisoned,suspect -is:accepted'],
    ['  two   words ', 'two words'],
    ['"two words"', '"two words"'],
    ['https://example.org/a?b=c', 'https://example.org/a?b=c'],
    ['host:EXAMPLE.org', 'host:example.org'],
    ['url:"a b"', 'url:"a b"'],
    ['', ''],
  ])('%j is written %j', (input, output) => {
    expect(written(input)).toBe(output);
  });

  it.each([
    ['sevrity:high', /Expected one of host, url, .* before the colon but received sevrity/],
    ['severity:huge', /Expected severity to be one of info, low, medium, high, critical but received huge/],
    ['kind:split.*', /Expected kind to be one of/],
    ['score:>2', /Expected score between 0 and 1 but received 2/],
    ['host:>=example.org', /only before one severity or score/],
    ['since:yesterday', /Expected since as a date/],
  ])('%j is named as a problem and hides nothing', (input, problem) => {
    const filter = parseFilter(input);
    expect(filter.terms).toEqual([]);
    expect(filter.problems).toEqual([expect.stringMatching(problem)]);
  });

  it('comes back the same after it was written', () => {
    const word = fc.stringMatching(/^[a-z0-9./*-]{1,12}$/);
    const term = fc.record({
      field: fc.constantFrom('host', 'url', 'type', 'fingerprint'),
      value: word,
      minus: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(term, { maxLength: 6 }), (terms) => {
        const text = terms.map(({ field, value, minus }) => `${minus ? '-' : ''}${field}:${value}`).join(' ');
        expect(parseFilter(written(text)).terms).toEqual(parseFilter(text).terms);
      }),
    );
  });

  it('reads anything without throwing, and knows every field it keeps', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const { terms } = parseFilter(text);
        expect(terms.every(({ field, values }) => FIELDS.includes(field) && values.length > 0)).toBe(true);
      }),
    );
  });

  it('sets a field once', () => {
    expect(withTerm(parseFilter('host:a.example kind:text.hidden'), 'host', 'b.example')).toBe(
      'kind:text.hidden host:b.example',
    );
  });

  it('leaves to the store what the store can answer', () => {
    expect(
      storeQuery(parseFilter('host:example.org kind:split-view.* verdict:poisoned since:24h'), NOW),
    ).toEqual({
      source: 'example.org',
      kind: 'split-view.*',
      verdict: ['poisoned'],
      since: '2026-11-21T12:00:00.000Z',
    });
    expect(storeQuery(parseFilter('host:*.example.org -kind:text.hidden is:reopened'), NOW)).toEqual({});
  });

  it.each([
    ['example.org', 'example.org', true],
    ['*.example.org', 'www.example.org', true],
    ['*.example.org', 'example.org', false],
    ['split-view.*', 'split-view.text', true],
    ['*', 'anything', true],
  ])('%s stands for %s: %s', (pattern, text, expected) => {
    expect(globs(pattern, text)).toBe(expected);
  });
});
