import { describe, expect, it } from 'vitest';
import type { SnapshotRecord } from '../../src/domain/index.ts';
import { epochFindings, registeredDomain } from '../../src/snapshot/epoch.ts';

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
const registered = (at: string | undefined) => ({ registered: async () => at });

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
    const [finding] = await epochFindings(records, 'www.site.co.uk', registered('2023-04-01T04:00:00.000Z'));
    expect(finding).toMatchObject({ kind: 'source.epoch', score: 0.9, evidence: { domain: 'site.co.uk' } });
    expect(finding?.summary).toContain('2023-04-01');
    expect(finding?.summary).toContain('2021-06-01');
  });

  it.each([
    ['registered before', '2021-05-31T00:00:00.000Z'],
    ['registered on the day of the record', '2021-06-01T23:00:00.000Z'],
    ['of which nothing is known', undefined],
  ])('is none where the domain is one %s', async (_, at) => {
    expect(await epochFindings([record('2021-06-01T00:00:00.000Z')], 'site.org', registered(at))).toEqual([]);
  });

  it('is not asked for where no record has a date', async () => {
    const epochs = {
      registered: async () => {
        throw new Error('Expected nobody to ask.');
      },
    };
    expect(await epochFindings([], 'site.org', epochs)).toEqual([]);
    expect(await epochFindings([record(null)], 'site.org', epochs)).toEqual([]);
  });
});
