import { describe, expect, it } from 'vitest';
import type { SnapshotRecord } from '../../src/domain/index.ts';
import { epochOf, registeredDomain } from '../../src/snapshot/epoch.ts';

const record = (date: string | null): SnapshotRecord => ({
  url: 'https://www.site.co.uk/a',
  date,
  dataset: 'laion',
  httpStatus: 200,
  digests: [],
  perceptual: [],
  label: null,
  note: null,
});
const nothing = () => undefined;
const registered = (at: string | undefined) => ({ registered: async () => at, turned: nothing });
const TURN = { at: '2026-11-10T00:00:00.000Z', marks: ['certificate', 'network'] as const, corroborated: 70 };
const turned = (at?: string) => ({ registered: async () => at, turned: () => TURN });

describe('the epoch of a source', () => {
  it.each([
    ['www.site.co.uk', 'site.co.uk'],
    ['SITE.org.', 'site.org'],
    ['user.github.io', 'github.io'],
    ['192.0.2.1', undefined],
    ['[2001:db8::1]', undefined],
    ['localhost', undefined],
    ['www.example.org', undefined],
    ['site.test', undefined],
    ['internal', undefined],
  ])('of %s is that of %s', (host, domain) => {
    expect(registeredDomain(host)).toBe(domain);
  });

  it('is a finding where the domain was registered after its oldest record', async () => {
    const records = [record('2025-01-01T00:00:00.000Z'), record('2021-06-01T00:00:00.000Z'), record(null)];
    const { findings, turn } = await epochOf(
      records,
      'www.site.co.uk',
      registered('2023-04-01T04:00:00.000Z'),
    );
    const [finding] = findings;
    expect(finding).toMatchObject({ kind: 'source.epoch', score: 0.9, evidence: { domain: 'site.co.uk' } });
    expect(finding?.summary).toContain('2023-04-01');
    expect(finding?.summary).toContain('2021-06-01');
    expect(turn).toEqual({ at: '2023-04-01T04:00:00.000Z', corroborated: 0 });
  });

  it.each([
    ['registered before', '2021-05-31T00:00:00.000Z'],
    ['registered on the day of the record', '2021-06-01T23:00:00.000Z'],
    ['of which nothing is known', undefined],
  ])('is none where the domain is one %s', async (_, at) => {
    expect(await epochOf([record('2021-06-01T00:00:00.000Z')], 'site.org', registered(at))).toEqual({
      findings: [],
    });
  });

  it('is a weaker finding where a host that is recorded is recognised no more', async () => {
    const { findings, turn } = await epochOf([record('2021-06-01T00:00:00.000Z')], 'site.org', turned());
    expect(findings).toMatchObject([{ kind: 'source.epoch', score: 0.5, rule: 'source/turned@1' }]);
    expect(findings[0]?.summary).toContain('certificate and network replaced');
    expect(turn).toEqual(TURN);
  });

  it('is a turn and no finding where nothing is recorded, or only what came after it', async () => {
    expect(await epochOf([], 'site.org', turned())).toEqual({ findings: [], turn: TURN });
    const after = [record('2026-11-20T00:00:00.000Z')];
    expect(await epochOf(after, 'site.org', turned())).toEqual({ findings: [], turn: TURN });
  });

  it('counts from the newer of registration and turn', async () => {
    const records = [record('2021-06-01T00:00:00.000Z')];
    expect((await epochOf(records, 'site.org', turned('2023-04-01T04:00:00.000Z'))).turn).toEqual(TURN);
    expect((await epochOf(records, 'site.org', turned('2026-11-15T04:00:00.000Z'))).turn?.corroborated).toBe(
      0,
    );
  });

  it('is not asked for where no record has a date', async () => {
    const epochs = {
      registered: async () => {
        throw new Error('Expected nobody to ask.');
      },
      turned: nothing,
    };
    expect(await epochOf([], 'site.org', epochs)).toEqual({ findings: [] });
    expect(await epochOf([record(null)], 'site.org', epochs)).toEqual({ findings: [] });
  });
});
