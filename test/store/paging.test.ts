import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page, VerdictName } from '../../src/domain/index.ts';
import type { Store } from '../../src/store/engine.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { finding, verdict } from './verdict.ts';

async function allPages<T>(
  page: (cursor: string | undefined) => Promise<Page<T>>,
  limit: number,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const { items: more, next } = await page(cursor);
    expect(more.length).toBeLessThanOrEqual(limit);
    // A page that says more follows is full: no client goes round for nothing.
    if (next !== undefined) expect(more).toHaveLength(limit);
    items.push(...more);
    cursor = next;
  } while (cursor !== undefined);
  return items;
}

describe('pages', () => {
  let folder = '';
  let store: Store;
  const names: VerdictName[] = ['clean', 'unverified', 'suspect', 'poisoned'];
  const given = Array.from({ length: 120 }, (_, place) =>
    verdict({
      source: `host${place % 17}.example`,
      verdict: names[place % 4],
      findings: place % 3 === 0 ? [finding('split-view.text'), finding('text.hidden')] : [],
    }),
  );
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foretaste-pages-'));
    store = await openSqlite(join(folder, 'log.db'), { clock: Date.now });
    await Promise.all(given.map((each) => store.verdicts.append(each, [])));
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('of verdicts hold every match once, newest first, whatever the filter and the limit', async () => {
    const query = fc.record(
      {
        source: fc.constantFrom('host0.example', 'host16.example', 'never.example'),
        verdict: fc.subarray(names, { minLength: 1 }),
        kind: fc.constantFrom('split-view.*', 'text.hidden', 'image.*'),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(query, fc.integer({ min: 1, max: 130 }), async (filter, limit) => {
        const found = await allPages((cursor) => store.verdicts.list({ ...filter, cursor, limit }), limit);
        const expected = given.filter(
          (each) =>
            (filter.source === undefined || each.source === filter.source) &&
            (filter.verdict === undefined || filter.verdict.includes(each.verdict)) &&
            (filter.kind === undefined ||
              each.findings.some(
                ({ kind }) => kind === filter.kind || `${kind.split('.')[0]}.*` === filter.kind,
              )),
        );
        expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id).toReversed());
      }),
      { numRuns: 40 },
    );
  });

  it('of sources hold every host once, whatever the order and the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('divergence', 'recent'),
        fc.integer({ min: 1, max: 20 }),
        async (order, limit) => {
          const found = await allPages((cursor) => store.sources.list({ order, cursor, limit }), limit);
          expect(new Set(found.map(({ host }) => host)).size).toBe(17);
          expect(found).toHaveLength(17);
          const rates = found.map(({ divergenceRate }) => divergenceRate);
          if (order === 'divergence') expect(rates).toEqual(rates.toSorted((a, b) => b - a));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('refuse a cursor that no page gave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (cursor) => {
        await expect(store.sources.list({ order: 'recent', cursor, limit: 1 })).rejects.toMatchObject({
          where: 'cursor',
        });
      }),
      { numRuns: 40 },
    );
  });
});
