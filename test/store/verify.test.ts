import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainOf, GENESIS } from '../../src/store/chain.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { lie, verdict } from './verdict.ts';

describe('the log', () => {
  let folder = '';
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foretaste-log-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Four lines: two verdicts, one of them with a capture, a review, a decision about a source. */
  async function aLog() {
    files += 1;
    const file = join(folder, `${files}.db`);
    const store = await openSqlite(file, { clock: Date.now });
    const capture = {
      identity: 'crawler@direct',
      url: '',
      status: 200,
      reason: '',
      httpVersion: '1.1',
    } as const;
    const rest = { fields: [], mediaType: '', sha256: '', bytes: 0, startedAt: 0 };
    await store.verdicts.append(verdict(), [{ ...capture, ...rest }]);
    const { id } = await store.verdicts.append(lie(), []);
    await store.verdicts.review(id, 'confirm', '', 'ada', '2026-11-22T10:00:00.000Z');
    await store.sources.review('example.org', 'confirm', '', 'ada', '2026-11-22T10:00:00.000Z');
    return { store, database: new DatabaseSync(file) };
  }

  it('chains each line to the one before by SHA-256 over its chain value and its canonical JSON', async () => {
    const { store, database } = await aLog();
    let chain = GENESIS;
    for (const line of database.prepare('select entry, chain from log order by seq').all()) {
      chain = await chainOf(chain, String(line['entry']));
      expect(line['chain']).toBe(chain);
    }
    expect(await store.verifyLog()).toEqual({ entries: 4 });
    database.close();
    await store.close();
  });

  it.each([
    ['an edited verdict', "update log set entry = replace(entry, 'poisoned', 'clean') where seq = 2", 1, 2],
    ['an edited review', "update log set entry = replace(entry, 'ada', 'eve') where seq = 3", 2, 3],
    ['a line taken out', 'delete from log where seq = 2', 1, 2],
    ['a chain value written anew', "update log set chain = 'x' where seq = 3", 2, 3],
    ['lines exchanged', 'update log set seq = 5 - seq where seq in (2, 3)', 1, 2],
    ['an index row that says something else', "update verdicts set action = 'pass' where seq = 2", 1, 2],
    ['an index row taken out', 'delete from verdicts where seq = 1', 0, 1],
    ['captures edited', "update captures set records = '[]' where seq = 1", 0, 1],
    ['captures taken out', 'delete from captures where seq = 1', 0, 1],
    ['its end cut off', 'delete from log where seq >= 2', 1, 2],
  ])('shows %s', async (_what, tampering, entries, seq) => {
    const { store, database } = await aLog();
    // Exchanging two keys passes through a third value.
    for (const statement of tampering.startsWith('update log set seq')
      ? [
          'update log set seq = 9 where seq = 2',
          'update log set seq = 2 where seq = 3',
          'update log set seq = 3 where seq = 9',
        ]
      : [tampering])
      database.exec(statement);
    expect(await store.verifyLog()).toMatchObject({ entries, broken: { seq } });
    database.close();
    await store.close();
  });
});
