/** A fresh store and bodies in a temporary folder, gone when the test file ends. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openBodies } from '../../src/store/bodies.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Seeded } from '../browser/tell.ts';

export const NOW = Date.parse('2026-11-22T12:00:00.000Z');
export const clock = (): number => NOW;

/** A folder of this test file. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'foretaste-dashboard-'));
  afterAll(() => rm(path, { recursive: true, force: true }));
  return path;
}

export async function emptyStore(): Promise<Seeded> {
  const path = await folder();
  const store = await openSqlite(join(path, 'foretaste.sqlite'), { clock });
  afterAll(() => store.close());
  return { store, bodies: openBodies(join(path, 'bodies')) };
}
