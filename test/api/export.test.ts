import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExportFormat, encodeExport } from '../../src/api/export/encode.ts';
import { COLUMNS, rowOf } from '../../src/api/export/rows.ts';
import { FINDING_KINDS, VERDICTS, type Verdict } from '../../src/domain/index.ts';
import { finding, lie, verdict } from '../store/verdict.ts';
import { type Api, openApi } from './harness.ts';

const HEADER =
  'url,source,sha256,md5,media_type,bytes,verdict,action,score,findings,quorum,snapshot_status,dataset,fetched_at,decided_at,reviewed,id';

async function* each(verdicts: readonly Verdict[]): AsyncGenerator<Verdict> {
  yield* verdicts;
}

async function encoded(format: ExportFormat, verdicts: readonly Verdict[]): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeExport(format, each(verdicts))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Whatever hostile origins can put into a verdict. */
const anyVerdict: fc.Arbitrary<Verdict> = fc
  .record({
    url: fc.oneof(fc.webUrl(), fc.string({ unit: 'binary' })),
    mediaType: fc.oneof(
      fc.constantFrom('text/html', '', ' a', 'a,b', 'a"b', 'a\r\nb', '=1+1'),
      fc.string({ unit: 'binary' }),
    ),
    bytes: fc.maxSafeNat(),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    verdict: fc.constantFrom(...VERDICTS),
    findings: fc.array(
      fc.constantFrom(...FINDING_KINDS).map((kind) => finding(kind)),
      { maxLength: 3 },
    ),
    snapshot: fc.record({
      status: fc.constant('same' as const),
      dataset: fc.option(fc.string({ unit: 'binary' })),
      date: fc.constant(null),
    }),
  })
  .map((own) => ({ ...verdict(own), review: null, log: 1 }));

describe('export', () => {
  it('has the columns of the contract in their order', async () => {
    expect(COLUMNS.map(({ name }) => name).join(',')).toBe(HEADER);
    expect(text(await encoded('csv', []))).toBe(`${HEADER}\r\n`);
    expect(text(await encoded('jsonl', []))).toBe('');
  });

  it('comes back from CSV, JSON Lines and Parquet as it was, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyVerdict, { maxLength: 20 }), async (verdicts) => {
        // Lone surrogates have no UTF-8 form: CSV and Parquet hold U+FFFD for them, JSON escapes them.
        const lines = text(await encoded('jsonl', verdicts))
          .split('\n')
          .slice(0, -1);
        expect(lines.map((line) => JSON.parse(line))).toEqual(verdicts.map(rowOf));
        const csv: Array<Record<string, string>> = parse(await encoded('csv', verdicts), {
          columns: true,
          bom: false,
        });
        expect(csv).toEqual(
          verdicts.map((each) =>
            Object.fromEntries(
              Object.entries(rowOf(each)).map(([name, value]) => [name, String(value ?? '').toWellFormed()]),
            ),
          ),
        );
        const file = new Uint8Array(await encoded('parquet', verdicts)).buffer;
        const parquet = await parquetReadObjects({ file, compressors });
        expect(parquet).toEqual(
          verdicts.map((each) =>
            Object.fromEntries(
              Object.entries(rowOf(each)).map(([name, value]) => [
                name,
                name === 'bytes'
                  ? BigInt(value ?? 0)
                  : typeof value === 'string'
                    ? value.toWellFormed()
                    : value,
              ]),
            ),
          ),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('writes more rows than one Parquet row group holds', async () => {
    const many = Array.from({ length: 20_500 }, (): Verdict => ({ ...verdict(), review: null, log: 1 }));
    const file = new Uint8Array(await encoded('parquet', many)).buffer;
    const rows = await parquetReadObjects({ file, compressors, columns: ['id'] });
    expect(rows.map(({ id }) => id)).toEqual(many.map(({ id }) => id));
  });
});

describe('GET /v1/export', () => {
  let api: Api;
  beforeAll(async () => {
    api = await openApi();
  });
  afterAll(() => api.close());

  it('shows a pass that was revoked as revoked, and a review as reviewed', async () => {
    const passed = await api.store.verdicts.append(verdict(), []);
    const caught = await api.store.verdicts.append(lie(), []);
    const held = await api.store.verdicts.append(
      verdict({ verdict: 'suspect', action: 'quarantine', source: 'b.example' }),
      [],
    );
    await api.store.verdicts.review(held.id, 'dismiss', '', 'ada', '2026-11-22T10:00:00.000Z');
    const response = await api.call('/v1/export?format=csv');
    const rows: Array<Record<string, string>> = parse(await response.text(), { columns: true });
    expect(rows.map(({ id, verdict, action, reviewed }) => [id, verdict, action, reviewed])).toEqual([
      [passed.id, 'unverified', 'quarantine', 'revoked'],
      [caught.id, 'poisoned', 'block', ''],
      [held.id, 'suspect', 'pass', 'dismiss'],
    ]);
    expect(response.headers.get('Content-Type')).toContain('text/csv');
  });

  it('keeps to the verdicts and the time asked for', async () => {
    const rows = async (query: string) =>
      (await (await api.call(`/v1/export?${query}`)).text()).split('\n').length - 1;
    expect(await rows('')).toBe(3);
    expect(await rows('verdict=poisoned,suspect')).toBe(2);
    expect(await rows('since=2099-01-01')).toBe(0);
  });
});
