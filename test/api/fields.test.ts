import fc from 'fast-check';
import { parseItem, parseList } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { blockedAnswer, findingsField, pendingField, verdictField } from '../../src/api/fields.ts';
import { FINDING_KINDS, SEVERITIES, type Verdict } from '../../src/domain/index.ts';
import { finding, lie, type verdict } from '../store/verdict.ts';

const stored = (own: Parameters<typeof verdict>[0] = {}): Verdict => ({ ...lie(own), review: null, log: 7 });

describe('the fields of a verdict', () => {
  it('are the item of the contract', () => {
    const given = stored({ id: '01JD9V5T8Q4Y6K2M3N7P8R9S0A' });
    expect(verdictField(given)).toBe('poisoned;action=block;id="01JD9V5T8Q4Y6K2M3N7P8R9S0A";quorum="0/3"');
    expect(pendingField(given.id)).toBe('pending;id="01JD9V5T8Q4Y6K2M3N7P8R9S0A"');
  });

  it('list findings, the most telling first, each score a decimal', () => {
    expect(findingsField([])).toBeUndefined();
    expect(
      findingsField([
        finding('image.perturbed', { severity: 'medium', score: 0.71 }),
        finding('text.hidden', { score: 0.5 }),
        finding('split-view.text', { score: 1 }),
      ]),
    ).toBe(
      'split-view.text;severity=high;score=1.0, text.hidden;severity=high;score=0.5, image.perturbed;severity=medium;score=0.71',
    );
  });

  it('can be read by any RFC 9651 parser', () => {
    const findings = fc.array(
      fc.record({
        kind: fc.constantFrom(...FINDING_KINDS),
        severity: fc.constantFrom(...SEVERITIES),
        score: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(findings, (given) => {
        const list = parseList(findingsField(given.map(({ kind, ...rest }) => finding(kind, rest))) ?? '');
        expect(list.map(([kind]) => String(kind)).toSorted()).toEqual(
          given.map(({ kind }) => kind).toSorted(),
        );
        const [value, parameters] = parseItem(verdictField(stored()));
        expect([String(value), parameters.get('quorum')]).toEqual(['poisoned', '0/3']);
      }),
    );
  });
});

describe('the answer in place of withheld content', () => {
  it('is final for every client and says why', () => {
    const given = stored();
    const { status, reason, fields, body } = blockedAnswer(given, 410);
    expect([status, reason]).toEqual([410, `Foretaste-Blocked split-view.text ${given.id}`]);
    expect(fields).toEqual([
      ['Foretaste-Verdict', verdictField(given)],
      ['Foretaste-Findings', 'split-view.text;severity=high;score=0.97'],
      ['Content-Type', 'application/problem+json'],
      ['Content-Length', String(body.length)],
      ['Cache-Control', 'no-store'],
      ['Proxy-Status', 'foretaste;error=http_request_denied'],
    ]);
    expect(JSON.parse(new TextDecoder().decode(body))).toMatchObject({
      status: 410,
      detail: 'One paragraph (214 characters) reached only the crawler.',
      instance: `/v1/verdicts/${given.id}`,
      verdict: 'poisoned',
    });
  });

  it('names the verdict where policy withholds without a finding', () => {
    const given = stored({ verdict: 'unverified', action: 'quarantine', findings: [] });
    expect(blockedAnswer(given, 451)).toMatchObject({
      status: 451,
      reason: `Foretaste-Blocked unverified ${given.id}`,
    });
  });
});
