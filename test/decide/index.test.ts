/** Findings are weighed as evidence, and unknown is never clean. */
import { describe, expect, it } from 'vitest';
import { decide, weigh } from '../../src/decide/index.ts';
import { FINDING_KINDS, type Finding, type FindingKind, type Policy } from '../../src/domain/index.ts';

const policy: Policy = {
  name: 'test',
  prior: 0.001,
  levels: { suspect: 0.5, block: 0.9 },
  actions: { clean: 'pass', unverified: 'pass', suspect: 'quarantine', poisoned: 'block' },
  blockStatus: 410,
  weights: Object.fromEntries(
    FINDING_KINDS.map((kind) => [
      kind,
      { ratio: kind === 'provenance.signed' ? 0.1 : 10_000, group: kind.split('.')[0] },
    ]),
  ) as Policy['weights'],
};

const finding = (kind: FindingKind, score: number): Finding => ({
  kind,
  severity: 'high',
  score,
  summary: '',
  taxonomy: [],
  rule: 'test/rule@1',
  evidence: {},
});

describe('weigh', () => {
  it('is the prior where nothing was found', () => {
    expect(weigh([], policy)).toBeCloseTo(0.001, 10);
  });

  it('moves little for a check that is unsure', () => {
    expect(weigh([finding('split-view.text', 0.1)], policy)).toBeLessThan(0.003);
    expect(weigh([finding('split-view.text', 1)], policy)).toBeGreaterThan(0.9);
  });

  it('counts only the strongest of a group, and multiplies groups', () => {
    const alone = weigh([finding('split-view.text', 0.6)], policy);
    const sameGroup = weigh([finding('split-view.text', 0.6), finding('split-view.link', 0.5)], policy);
    const otherGroup = weigh([finding('split-view.text', 0.6), finding('text.hidden', 0.5)], policy);
    expect(sameGroup).toBe(alone);
    expect(otherGroup).toBeGreaterThan(alone);
  });

  it('lets provenance speak for the content', () => {
    expect(weigh([finding('provenance.signed', 1)], policy)).toBeLessThan(0.001);
  });
});

describe('decide', () => {
  const rows: Array<[score: number, corroborated: boolean, verdict: string, action: string]> = [
    [0, true, 'clean', 'pass'],
    [0, false, 'unverified', 'pass'],
    [0.74, true, 'clean', 'pass'],
    [0.76, true, 'suspect', 'quarantine'],
    [0.98, false, 'suspect', 'quarantine'],
    [1, false, 'poisoned', 'block'],
    [1, true, 'poisoned', 'block'],
  ];
  it.each(rows)(
    'a split view of score %d, corroborated %s, is %s: %s',
    (score, corroborated, verdict, action) => {
      const findings = score === 0 ? [] : [finding('split-view.text', score)];
      expect(decide({ findings, corroborated }, policy)).toMatchObject({ verdict, action });
    },
  );

  it('is never clean where a check gave no score', () => {
    const broken = { findings: [finding('image.pair-residual', Number.NaN)], corroborated: true };
    expect(decide(broken, policy)).toMatchObject({ verdict: 'unverified', action: 'pass' });
  });
});
