import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openSqlite } from '../../src/store/sqlite.ts';
import { aStore } from './behaviour.ts';

describe('a store on node:sqlite', () => {
  let folder = '';
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foretaste-store-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  aStore((clock) => {
    files += 1;
    return openSqlite(join(folder, `${files}.db`), { clock });
  });
});
