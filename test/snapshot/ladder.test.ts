import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Capture, ImageView, SnapshotRecord } from '../../src/domain/index.ts';
import { matchRecords } from '../../src/snapshot/ladder.ts';
import { sketchOfPage } from '../../src/snapshot/sketch.ts';
import { view } from '../compare/views.ts';

const content = Buffer.from('the very content');
const digest = (alg: string, bytes: Buffer = content): string => createHash(alg).update(bytes).digest('hex');

const capture = (change: Partial<Capture> = {}): Capture => ({
  kind: 'capture',
  identity: 'plain@direct',
  url: 'https://example.org/a.jpg',
  status: 200,
  reason: 'OK',
  httpVersion: '1.1',
  fields: [],
  trailers: [],
  body: {
    size: content.length,
    bytes: async () => content,
    stream: async function* () {
      yield content;
    },
    decoded: async () => content,
    release: async () => undefined,
  },
  digests: { entity: { sha256: digest('sha256'), md5: digest('md5') }, decoded: { sha1: digest('sha1') } },
  mediaType: 'image/jpeg',
  truncated: false,
  startedAt: 0,
  duration: 1,
  ...change,
});

const record = (change: Partial<SnapshotRecord> = {}): SnapshotRecord => ({
  url: 'https://example.org/a.jpg',
  date: '2022-05-01T00:00:00.000Z',
  dataset: 'set',
  httpStatus: null,
  digests: [{ alg: 'sha256', value: digest('sha256', Buffer.from('other')), scope: 'entity' }],
  perceptual: [],
  label: null,
  note: null,
  ...change,
});

const picture = (change: Partial<ImageView> = {}): ImageView => ({
  kind: 'image',
  identity: 'plain@direct',
  status: 200,
  mediaType: 'image/jpeg',
  sha256: digest('sha256'),
  evidence: 'usable',
  evidenceReason: '',
  width: 1,
  height: 1,
  format: 'jpeg',
  pixelSha256: 'aa'.repeat(32),
  pdq: '0'.repeat(64),
  pdqQuality: 100,
  phash: '0'.repeat(16),
  // As many colours as pixels: a picture with something in it.
  pixels: createHash('shake256', { outputLength: 3000 }).update('pixels').digest(),
  irregularities: [],
  ...change,
});

describe('the hash ladder', () => {
  it('says for the tally whether record and content agree, doubtful records included', () => {
    const note = 'reference-suspect: many URLs of the dataset have this digest';
    const equal = record({ digests: [{ alg: 'md5', value: digest('md5'), scope: 'entity' }] });
    const agrees = (one: SnapshotRecord) => matchRecords([one], capture(), undefined).agrees;
    expect(
      [equal, record(), { ...equal, note }, record({ note }), record({ digests: [] })].map(agrees),
    ).toEqual([true, false, true, false, undefined]);
  });

  it('without a record the URL is unlisted', () => {
    expect(matchRecords([], capture(), undefined)).toEqual({
      match: { status: 'unlisted', dataset: null, date: null, distance: null },
      settled: false,
      agrees: undefined,
      findings: [],
    });
  });

  it.each(['entity', 'decoded', 'wire', 'text', 'unknown'] as const)(
    'an equal digest settles it, recorded with scope %s',
    (scope) => {
      const records = [record(), record({ digests: [{ alg: 'sha1', value: digest('sha1'), scope }] })];
      expect(matchRecords(records, capture(), undefined)).toMatchObject({
        match: { status: 'same', dataset: 'set', distance: 0 },
        settled: true,
      });
    },
  );

  it('a digest that differs is a change of little weight', () => {
    const { match, settled, findings } = matchRecords([record()], capture(), undefined);
    expect({ match, settled }).toMatchObject({ match: { status: 'changed' }, settled: false });
    expect(findings).toMatchObject([{ kind: 'snapshot.changed', severity: 'info', score: 0.1 }]);
  });

  it.each([
    ['truncated', record({ note: 'truncated: length' })],
    ['revisit', record({ note: 'revisit' })],
    ['chunk-framed', record({ note: 'chunk-framed' })],
    ['wire scope', record({ digests: [{ alg: 'sha256', value: 'ab'.repeat(32), scope: 'wire' }] })],
    ['text scope', record({ digests: [{ alg: 'sha256', value: 'ab'.repeat(32), scope: 'text' }] })],
    [
      'an algorithm that was not computed',
      record({ digests: [{ alg: 'sha512', value: 'ab'.repeat(64), scope: 'entity' }] }),
    ],
    [
      'the digest of nothing',
      record({ digests: [{ alg: 'sha256', value: digest('sha256', Buffer.alloc(0)), scope: 'entity' }] }),
    ],
    ['no digest', record({ digests: [], note: 'no digest recorded' })],
  ])('a record that cannot be checked is no mismatch: %s', (_, unverifiable) => {
    expect(matchRecords([unverifiable], capture(), undefined)).toMatchObject({
      match: { status: 'unlisted', dataset: 'set' },
      settled: false,
      findings: [],
    });
  });

  it.each([404, 410])('status %i means gone', (status) => {
    expect(matchRecords([record()], capture({ status }), undefined).match.status).toBe('gone');
  });

  it.each([301, 403, 500, 206])('status %i says nothing of the content', (status) => {
    expect(matchRecords([record()], capture({ status }), undefined)).toMatchObject({
      match: { status: 'unlisted' },
      findings: [],
    });
  });

  it('a capture that broke off is no evidence', () => {
    expect(matchRecords([record()], capture({ truncated: true }), undefined).match.status).toBe('unlisted');
  });

  it('equal pixels settle it although the bytes differ', () => {
    const pixels = record({ digests: [{ alg: 'sha256', value: 'aa'.repeat(32), scope: 'image' }] });
    expect(matchRecords([pixels], capture(), picture())).toMatchObject({
      match: { status: 'same-pixels' },
      settled: true,
    });
  });

  it.each([
    ['pdq', `${'f'.repeat(7)}7${'0'.repeat(56)}`, 'similar', 31 / 256],
    ['pdq', `${'f'.repeat(16)}${'0'.repeat(48)}`, 'changed', 64 / 256],
    ['phash', 'ffc0000000000000', 'similar', 10 / 64],
    ['phash', 'ffe0000000000000', 'changed', 11 / 64],
  ] as const)('%s %s is %s', (alg, value, status, distance) => {
    const outcome = matchRecords([record({ perceptual: [{ alg, value }] })], capture(), picture());
    expect(outcome).toMatchObject({ match: { status, distance }, settled: false });
    expect(outcome.findings).toHaveLength(status === 'similar' ? 0 : 1);
  });

  it('PDQ of a picture without structure is not compared', () => {
    const records = [record({ digests: [], perceptual: [{ alg: 'pdq', value: 'f'.repeat(64) }] })];
    expect(matchRecords(records, capture(), picture({ pdqQuality: 49 })).match.status).toBe('unlisted');
    expect(matchRecords(records, capture(), picture({ pdqQuality: 50 })).match.status).toBe('changed');
  });

  it('another picture weighs more than other bytes', () => {
    const far = matchRecords(
      [record({ perceptual: [{ alg: 'pdq', value: 'f'.repeat(64) }] })],
      capture(),
      picture(),
    );
    expect(far.findings[0]).toMatchObject({ kind: 'snapshot.changed', severity: 'medium' });
    expect(far.findings[0]?.score).toBeGreaterThan(0.5);
  });

  it('a page most of whose recorded words stand is similar, one with other words is changed, and neither is settled', () => {
    const prose = (from: number): string =>
      Array.from(
        { length: 200 },
        (_, at) => 'abcdefghij'.repeat(2).slice((from + at) % 10, 3 + ((from * at) % 7)) + 'x'.repeat(at % 9),
      ).join(' ');
    const page = (text: string) => view(`<main><article><p>${text}</p></article></main>`);
    const sketched = record({ perceptual: sketchOfPage(page(prose(1))) });
    const typed = matchRecords(
      [sketched],
      capture({ mediaType: 'text/html' }),
      page(`${prose(1)} and a note`),
    );
    expect(typed).toMatchObject({ match: { status: 'similar' }, settled: false, agrees: true, findings: [] });
    const other = matchRecords([sketched], capture({ mediaType: 'text/html' }), page(prose(3)));
    expect(other).toMatchObject({ match: { status: 'changed' }, findings: [{ severity: 'info' }] });
  });

  it('a doubtful record neither accuses nor vouches', () => {
    const note = 'reference-suspect: many URLs of the dataset have this digest';
    const equal = record({ note, digests: [{ alg: 'md5', value: digest('md5'), scope: 'entity' }] });
    expect(matchRecords([record({ note })], capture(), undefined)).toMatchObject({
      match: { status: 'reference-suspect' },
      settled: false,
      findings: [{ kind: 'snapshot.reference-suspect' }],
    });
    expect(matchRecords([equal], capture(), undefined)).toMatchObject({
      match: { status: 'reference-suspect' },
      settled: false,
    });
  });

  it('holds content against what the client expects', () => {
    const expected = (value: string) => [{ alg: 'sha256' as const, value }];
    expect(matchRecords([], capture(), undefined, expected(digest('sha256')))).toMatchObject({
      match: { status: 'same', dataset: null },
      settled: true,
    });
    expect(matchRecords([], capture(), undefined, expected('00'.repeat(32))).match.status).toBe('changed');
  });
});
