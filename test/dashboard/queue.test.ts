/** The review queue. */
import { describe, expect, it } from 'vitest';
import { classify, groupsOf, reverseOf, sourcesOf, tally } from '../../src/dashboard/queue.ts';
import type { Decision, NewVerdict, Review, Verdict } from '../../src/domain/index.ts';
import { finding, lie, verdict } from '../store/verdict.ts';

let log = 0;
const review = (decision: Decision, at: string): Review => ({ decision, note: '', reviewer: 'local', at });
const stored = (given: NewVerdict, decided: Review | null = null): Verdict => {
  log += 1;
  return { ...given, review: decided, log };
};
const divergent = (fingerprint: string, own: Partial<NewVerdict> = {}): NewVerdict =>
  lie({ findings: [finding('split-view.text', { evidence: { fingerprint } })], ...own });
const states = (verdicts: readonly Verdict[]) => classify(verdicts).map(({ state }) => state);

describe('queue', () => {
  it('asks for a decision on what is suspect or poisoned, and on nothing else', () => {
    expect(states([stored(lie()), stored(verdict()), stored(verdict({ verdict: 'clean' }))])).toEqual([
      'to-review',
      'passed',
      'passed',
    ]);
  });

  it.each([
    ['confirm', 'quarantined'],
    ['dismiss', 'accepted'],
    ['release', 'accepted'],
  ] as const)('%s makes it %s', (decision, state) => {
    expect(states([stored(lie(), review(decision, '2026-11-22T10:00:00.000Z'))])).toEqual([state]);
  });

  it('lets a decision cover the same divergence of the same source, and no other source', () => {
    const decided = stored(divergent('d1:aa'), review('dismiss', '2026-11-22T09:00:00.000Z'));
    const [, same, elsewhere] = classify([
      decided,
      stored(divergent('d1:aa')),
      stored(divergent('d1:aa', { source: 'example.net' })),
    ]);
    expect(same).toMatchObject({ state: 'accepted', coveredBy: decided.id });
    expect(elsewhere).toMatchObject({ state: 'to-review' });
  });

  it('reopens a source that was accepted when a new divergence comes after', () => {
    const accepted = stored(divergent('d1:aa'), review('dismiss', '2026-11-22T09:00:00.000Z'));
    const before = stored(divergent('d1:bb', { decidedAt: '2026-11-22T08:00:00.000Z' }));
    const after = stored(divergent('d1:cc', { decidedAt: '2026-11-22T10:00:00.000Z' }));
    expect(states([after, accepted, before])).toEqual(['reopened', 'accepted', 'to-review']);
  });

  it('counts equal differences as one, most severe first, verdicts without fingerprint alone', () => {
    const mild = { findings: [finding('text.babble', { severity: 'medium' })] };
    const groups = groupsOf(
      classify([
        stored(lie(mild)),
        stored(lie(mild)),
        stored(divergent('d1:aa')),
        stored(divergent('d1:aa', { url: 'https://example.org/2' })),
      ]),
    );
    expect(groups.map(({ severity, entries }) => [severity, entries.length])).toEqual([
      ['high', 2],
      ['medium', 1],
      ['medium', 1],
    ]);
    expect(tally(groups)).toMatchObject({ 'to-review': 3, accepted: 0 });
  });

  it('lists the worst source first, among equals the one that diverges more often', () => {
    const summary = (host: string, divergenceRate: number) => ({
      host,
      registrableDomain: host,
      exchanges: 10,
      corroborated: 0,
      divergences: 1,
      confirmed: false,
      divergenceRate,
      verdicts: { clean: 0, unverified: 0, suspect: 0, poisoned: 1 },
      actions: { pass: 0, quarantine: 0, block: 1 },
      firstSeen: '2026-11-22T09:00:00.000Z',
      lastSeen: '2026-11-22T09:00:00.000Z',
    });
    const summaries = [summary('a.example', 0.1), summary('b.example', 0.9), summary('c.example', 1)];
    const groups = groupsOf(
      classify([
        stored(divergent('d1:aa', { source: 'a.example' })),
        stored(divergent('d1:bb', { source: 'b.example' })),
        stored(lie({ source: 'c.example', findings: [finding('text.babble', { severity: 'low' })] })),
      ]),
    );
    expect(
      sourcesOf(groups, new Map(summaries.map((one) => [one.host, one]))).map(({ source }) => source),
    ).toEqual(['b.example', 'a.example', 'c.example']);
  });

  it.each([
    [[], undefined],
    [['confirm'], 'dismiss'],
    [['dismiss'], 'confirm'],
    [['release'], 'confirm'],
    [['dismiss', 'confirm'], 'dismiss'],
    [['release', 'confirm', 'release'], 'confirm'],
  ] as const)('%j is taken back by %s', (decisions, reverse) => {
    const reviews = decisions.map((decision, place) => review(decision, `2026-11-22T09:0${place}:00.000Z`));
    expect(reverseOf(reviews)).toBe(reverse);
  });
});
