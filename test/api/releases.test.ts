import { afterEach, describe, expect, it } from 'vitest';
import type { Candidate, ReleaseDesk } from '../../src/guard/release.ts';
import { type Api, openApi } from './harness.ts';

const RULE = {
  id: 'release/recorded-content',
  version: 1,
  status: 'experimental',
  description: 'Recorded.',
} as const;

/** A desk at which nothing waits; what it was asked is kept. */
const desk = (asked: unknown[]): ReleaseDesk => ({
  rules: [RULE],
  release: async function* (order): AsyncGenerator<Candidate> {
    asked.push(order);
    yield* [];
  },
});

const TOKENS = [
  { name: 'ada', role: 'reviewer', token: 'reviewer-token' },
  { name: 'bot', role: 'viewer', token: 'viewer-token' },
] as const;

describe('POST /v1/releases', () => {
  let api: Api | undefined;
  afterEach(() => api?.close());
  const as = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

  it('is a dry run unless told otherwise, and stands under the name of the caller', async () => {
    const asked: unknown[] = [];
    api = await openApi({ tokens: TOKENS, releases: desk(asked) });
    const answer = await api.ask('/v1/releases', { ...as('reviewer-token'), json: { rule: RULE.id } });
    expect(answer).toEqual({
      status: 200,
      body: { rule: RULE.id, dryRun: true, examined: 0, released: 0, more: false, items: [] },
    });
    await api.ask('/v1/releases', {
      ...as('reviewer-token'),
      json: { rule: RULE.id, dryRun: false, note: 'seen' },
    });
    expect(asked).toMatchObject([
      { dryRun: true, reviewer: 'ada', note: '' },
      { dryRun: false, reviewer: 'ada', note: 'seen' },
    ]);
  });

  it('is for reviewers; what the rules are anybody may read', async () => {
    api = await openApi({ tokens: TOKENS, releases: desk([]) });
    expect((await api.ask('/v1/releases', { ...as('viewer-token'), json: { rule: RULE.id } })).status).toBe(
      403,
    );
    expect(await api.ask('/v1/releases/rules', as('viewer-token'))).toEqual({
      status: 200,
      body: { items: [RULE] },
    });
  });

  it('is not there where there are no records to hold content against', async () => {
    api = await openApi();
    expect((await api.ask('/v1/releases', { json: { rule: RULE.id } })).status).toBe(501);
  });

  it.each([[{}], [{ rule: 'x', dryRun: 'no' }], [{ rule: 'x', colour: 'red' }]])(
    '%j is no order',
    async (json) => {
      api = await openApi({ releases: desk([]) });
      expect((await api.ask('/v1/releases', { json })).status).toBe(400);
    },
  );
});
