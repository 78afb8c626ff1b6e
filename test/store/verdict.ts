/** Verdicts for store and API tests. */
import type { Finding, FindingKind, NewVerdict } from '../../src/domain/index.ts';

export const digest = (character: string) => ({ sha256: character.repeat(64), md5: character.repeat(32) });

let made = 0;

/** A verdict that passed without corroboration; an id of its own, the rest as told. */
export const verdict = (own: Partial<NewVerdict> = {}): NewVerdict => {
  made += 1;
  const id = `01J${String(made).padStart(23, '0')}`;
  return {
    id,
    url: `https://example.org/${id}`,
    source: 'example.org',
    status: 200,
    mediaType: 'text/html',
    bytes: 1200,
    verdict: 'unverified',
    action: 'pass',
    score: 0.01,
    quorum: '0/0',
    digest: digest('a'),
    fetchedAt: '2026-11-22T09:30:00.000Z',
    decidedAt: '2026-11-22T09:30:01.000Z',
    snapshot: { status: 'unlisted', dataset: null, date: null },
    views: [],
    findings: [],
    rules: `sha256:${'0'.repeat(64)}`,
    ...own,
  };
};

export const finding = (kind: FindingKind, own: Partial<Finding> = {}): Finding => ({
  kind,
  severity: 'high',
  score: 0.97,
  summary: 'One paragraph (214 characters) reached only the crawler.',
  taxonomy: ['AML.T0020'],
  rule: 'split-view/exclusive-text@3',
  evidence: {},
  ...own,
});

/** A verdict that caught its source lying. */
export const lie = (own: Partial<NewVerdict> = {}): NewVerdict =>
  verdict({
    verdict: 'poisoned',
    action: 'block',
    score: 0.97,
    quorum: '0/3',
    findings: [finding('split-view.text')],
    ...own,
  });
