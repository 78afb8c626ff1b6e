import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/store/sqlite.ts';
import { verdict } from './verdict.ts';

const clock = () => Date.parse('2026-03-01T12:00:00Z');

/** As it was before the migration 0006: told in each row whether it is the newest, and found by other indexes. */
const BEFORE = `
  drop index verdicts_content;
  drop index verdicts_grave;
  alter table verdicts add column latest integer not null default 1;
  create index verdicts_url on verdicts (url_key, seq);
  create index verdicts_latest on verdicts (url_key, sha256) where latest = 1;
  delete from migrations where name = '0006-fewer-indexes';
`;

describe('a store of an older schema', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foretaste-schema-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('keeps what it holds, takes more, and exports the newest of each URL and digest', async () => {
    const file = join(folder, 'old.db');
    const first = await openSqlite(file, { clock });
    await first.verdicts.append(verdict({ id: 'old', url: 'https://example.org/a' }), []);
    await first.close();
    const old = new DatabaseSync(file);
    old.exec(BEFORE);
    old.close();

    const store = await openSqlite(file, { clock });
    await store.verdicts.append(verdict({ id: 'new', url: 'https://example.org/a' }), []);
    const exported: string[] = [];
    for await (const { id } of store.verdicts.export({})) exported.push(id);
    expect(exported).toEqual(['new']);
    expect((await store.verdicts.get('old'))?.log).toBe(1);
    expect(await store.verifyLog()).toEqual({ entries: 2 });
    await store.close();
  });

  it('is brought up to date by several that open it at once', async () => {
    const file = join(folder, 'several.db');
    const stores = await Promise.all(Array.from({ length: 4 }, () => openSqlite(file, { clock })));
    await Promise.all(stores.map((store, at) => store.verdicts.append(verdict({ id: `v${at}` }), [])));
    expect(await stores[0]?.verifyLog()).toEqual({ entries: 4 });
    await Promise.all(stores.map((store) => store.close()));
  });
});
