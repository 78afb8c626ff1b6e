import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Finding, View } from '../../src/domain/index.ts';
import { leavesOpen, matchArchived } from '../../src/snapshot/archived.ts';
import type { Matched } from '../../src/snapshot/ladder.ts';
import { PARAGRAPHS, page, rules, view } from '../compare/views.ts';

const AT = Date.parse('2022-05-01T00:00:00Z');
const changed: Matched = {
  match: { status: 'changed', dataset: 'set', date: '2022-05-01T00:00:00.000Z', distance: null },
  settled: false,
  agrees: false,
  findings: [{ kind: 'snapshot.changed' } as Finding],
};

/** Prose of so many sentences, each its own. */
const prose = (count: number, salt = ''): string[] =>
  Array.from({ length: count }, (_, at) => {
    const words = createHash('shake256', { outputLength: 24 })
      .update(`${salt}${at}`)
      .digest('hex')
      .match(/.{4}/g);
    return `Chapter ${at} says that ${words?.join(' ')} was seen by the river and told to nobody until spring.`;
  });

const beside = (now: string, then: string): Matched =>
  matchArchived(changed, view(now), { view: view(then, 'archive@local'), at: AT }, { rules });

describe('content beside an archived capture', () => {
  it('a page whose words still stand is similar, whatever became of its frame', () => {
    const { match, findings, settled } = beside(
      page(PARAGRAPHS, {
        before: '<nav><a href="/new">A new menu</a></nav>',
        after: '<footer>Other years</footer>',
      }),
      page(),
    );
    expect({ match, findings, settled }).toMatchObject({
      match: { status: 'similar', dataset: 'set', distance: 0 },
      findings: [],
      settled: false,
    });
  });

  it('one new paragraph in a long page leaves it similar, and is quoted', () => {
    const text = prose(40);
    const { match, findings } = beside(
      page([...text, 'The treaty was never signed, and the minister resigned the same evening.']),
      page(text),
    );
    expect(match.status).toBe('similar');
    expect(findings).toMatchObject([
      {
        kind: 'snapshot.changed',
        severity: 'info',
        score: 0.1,
        evidence: {
          identity: 'archive@local',
          passages: [{ crawler: expect.stringContaining('never signed') }],
        },
      },
    ]);
  });

  it('a page with other text is changed, which is no more telling than that its bytes are', () => {
    const { match, findings } = beside(page(prose(20, 'new')), page(prose(20)));
    expect(match).toMatchObject({ status: 'changed', dataset: 'set' });
    expect(findings).toMatchObject([
      { severity: 'info', score: 0.1, summary: expect.stringContaining('still stand') },
    ]);
  });

  it('a capture that is no evidence changes nothing', () => {
    const challenged = { ...view(page(), 'archive@local'), evidence: 'challenged' } as View;
    expect(matchArchived(changed, view(page()), { view: challenged, at: AT }, { rules })).toBe(changed);
    expect(beside(page(), '')).toBe(changed);
  });

  it('equal bytes are similar, never more: anybody can have an archive take a capture', () => {
    const same = view(page());
    const archived = { ...same, identity: 'archive@local' as const };
    expect(matchArchived(changed, same, { view: archived, at: AT }, { rules })).toMatchObject({
      match: { status: 'similar', distance: 0 },
      settled: false,
    });
  });

  it('is asked for only where records leave something open', () => {
    const match = (status: Matched['match']['status'], dataset: string | null = 'set'): Matched => ({
      ...changed,
      match: { ...changed.match, status, dataset },
    });
    const open = (matched: Matched, of: View = view(page())) => leavesOpen(matched, of);
    expect([
      open(match('changed')),
      open(match('unlisted')),
      open(match('similar'), { ...view(page()), kind: 'image' } as unknown as View),
    ]).toEqual([true, true, true]);
    expect(
      [
        match('same'),
        match('same-pixels'),
        match('gone'),
        match('reference-suspect'),
        match('similar'),
        match('unlisted', null),
      ].map((matched) => open(matched)),
    ).toEqual(Array(6).fill(false));
    expect(open(match('changed'), view(page(), 'crawler@direct', 'blocked'))).toBe(false);
  });
});
