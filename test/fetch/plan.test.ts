import { describe, expect, it } from 'vitest';
import {
  type AuditPolicy,
  type Exchange,
  type Identity,
  identityOf,
  type Perspective,
  type Profile,
  unknownStanding,
} from '../../src/domain/index.ts';
import { auditRate, nextViews, type Progress, planViews, returningRate } from '../../src/fetch/plan.ts';

const profile = (name: string, agent: string): Profile => ({
  name,
  fields: [['User-Agent', agent]],
  accept: { document: '*/*', image: '*/*' },
  only: {},
  tls: { alpn: ['http/1.1'] },
  engine: 'http',
});
const CHROME = profile('chrome', 'Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/156 Safari/537.36');
const PLAIN = profile('plain', 'curl/8');
const DIRECT: Perspective = { name: 'direct', group: 'direct', route: { via: 'direct' } };
const SECOND: Perspective = {
  name: 'second',
  group: 'lab',
  route: { via: 'localAddress', address: '127.0.0.2' },
};
const identities: readonly Identity[] = [DIRECT, SECOND].flatMap((perspective) =>
  [PLAIN, CHROME].map((one) => identityOf(one, perspective)),
);
const audit: AuditPolicy = { rate: 'adaptive', floor: 0.05, deadline: 10_000, maxViews: 8 };
const exchange = (method = 'GET'): Exchange => ({
  id: '1',
  method,
  url: 'https://site.example/a',
  source: 'site.example',
  fields: [['User-Agent', 'img2dataset']],
  receivedAt: 0,
});
const unknown = unknownStanding('site.example', 'site.example');
const knowledge = { standing: unknown, settledByRecord: false, audit, draw: 0.5, identities };

describe('auditRate', () => {
  it.each([
    ['an unknown source', {}, 1],
    ['fifty corroborated exchanges', { exchanges: 50, corroborated: 50 }, 1],
    ['a hundred corroborated exchanges', { exchanges: 100, corroborated: 100 }, 0.5],
    ['a long corroborated history', { exchanges: 5000, corroborated: 5000 }, 0.05],
    ['many exchanges that nobody corroborated', { exchanges: 5000 }, 1],
    ['a divergence that waits for review', { corroborated: 5000, divergences: 1 }, 1],
    ['a confirmed divergence', { corroborated: 5000, confirmed: true }, 1],
    ['somebody else than before', { corroborated: 49, turned: '2026-11-20T00:00:00.000Z' }, 1],
    ['somebody else who is known by now', { corroborated: 100, turned: '2026-11-20T00:00:00.000Z' }, 0.5],
  ])('of %s', (_, standing, rate) => {
    expect(auditRate({ ...unknown, ...standing }, audit)).toBeCloseTo(rate, 5);
  });

  it('gives a fixed rate up for a confirmed divergence', () => {
    expect(auditRate({ ...unknown, confirmed: true }, { ...audit, rate: 0.1 })).toBe(1);
  });

  it('gives a fixed rate up for somebody else than before, until he is known', () => {
    const turned = '2026-11-20T00:00:00.000Z';
    expect(auditRate({ ...unknown, turned, corroborated: 20 }, { ...audit, rate: 0.1 })).toBe(1);
    expect(auditRate({ ...unknown, turned, corroborated: 50 }, { ...audit, rate: 0.1 })).toBe(0.1);
  });
});

describe('returningRate', () => {
  const coming = { visits: { from: [], returning: 0.1 } };
  it.each([
    ['a source of which nothing is corroborated', coming, {}, 0.5],
    ['a source that is known', coming, { corroborated: 3 }, 0.1],
    ['a source under review', coming, { corroborated: 3, divergences: 1 }, 1],
    ['a profile that keeps no cookies', {}, { confirmed: true }, 0],
  ])('at %s', (_, profile, standing, rate) => {
    expect(returningRate(profile, { ...unknown, ...standing })).toBe(rate);
  });
});

describe('planViews', () => {
  it('asks one reference first: a browser at another address for a robot at this one', () => {
    expect(planViews(exchange(), knowledge)).toMatchObject({
      reason: 'sampled',
      first: [{ name: 'chrome@second' }],
      repeat: false,
    });
  });

  it.each([
    ['for a POST', exchange('POST'), {}, 'method'],
    ['when a record settles it', exchange(), { settledByRecord: true }, 'settled-by-record'],
    [
      'when it is not drawn',
      exchange(),
      { standing: { ...unknown, corroborated: 100 }, draw: 0.5 },
      'not-sampled',
    ],
    ['without identities', exchange(), { identities: [] }, 'no-identity'],
  ])('asks nobody %s', (_, asked, more, reason) => {
    expect(planViews(asked, { ...knowledge, ...more })).toMatchObject({ reason, first: [] });
  });

  it('asks two references and the crawler again at once for a source under review', () => {
    const plan = planViews(exchange(), { ...knowledge, standing: { ...unknown, confirmed: true } });
    expect(plan).toMatchObject({ reason: 'under-review', repeat: true });
    expect(plan.first.map(({ name }) => name)).toEqual(['chrome@second', 'plain@second']);
  });
});

describe('nextViews', () => {
  const plan = planViews(exchange(), knowledge);
  const progress = (more: Partial<Progress>): Progress => ({
    plan,
    asked: ['chrome@second'],
    repeats: 0,
    comparison: { relation: 'divergent', votes: [{ corroborates: false }], open: 1 },
    crawlerUsable: true,
    visits: 1,
    ...more,
  });

  it.each(['equal', 'noise'] as const)('stops when the views are %s', (relation) => {
    expect(
      nextViews(progress({ comparison: { relation, votes: [{ corroborates: true }], open: 0 } })),
    ).toBeUndefined();
  });

  it('asks the crawler again, and one more reference, on the first difference', () => {
    expect(nextViews(progress({}))).toMatchObject({ repeat: true, ask: [{ name: 'plain@second' }] });
  });

  it('stops when nothing is open any more', () => {
    expect(
      nextViews(progress({ comparison: { relation: 'divergent', votes: [], open: 0 } })),
    ).toBeUndefined();
  });

  it('tries one more when a reference was refused, and no third', () => {
    const comparison = { relation: 'no-evidence', votes: [{ corroborates: undefined }], open: 0 } as const;
    expect(nextViews(progress({ comparison }))?.ask).toHaveLength(1);
    expect(nextViews(progress({ comparison, asked: ['chrome@second', 'plain@second'] }))).toBeUndefined();
  });

  it('never spends more than the budget', () => {
    const asked = Array.from({ length: 6 }, () => 'chrome@second' as const);
    const next = nextViews(progress({ asked, repeats: 1 }));
    expect((next?.ask.length ?? 0) + (next?.repeat ? 1 : 0)).toBeLessThanOrEqual(1);
    expect(nextViews(progress({ asked, repeats: 2 }))).toBeUndefined();
  });

  it('asks identities a second time when all have been asked', () => {
    const asked = plan.order.map(({ name }) => name);
    expect(nextViews(progress({ asked, repeats: 3 }))?.ask[0]?.name).toBe('chrome@second');
  });

  it('stops when the crawler itself got no content', () => {
    expect(nextViews(progress({ crawlerUsable: false }))).toBeUndefined();
  });
});
