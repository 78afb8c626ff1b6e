import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/store/sqlite.ts';

const CHILD = join(import.meta.dirname, 'append-until-killed.ts');

/** Runs a child until it has said `lines` lines, kills it in the middle, and gives what it said. */
async function killedAfter(lines: number, file: string, name: string): Promise<Map<string, number>> {
  const child = spawn(process.execPath, ['--no-warnings', CHILD, file, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  let counted = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk;
    counted = said.split('\n').length - 1;
    if (counted >= lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  // What the pipe held when it was killed was said too; only a last half line was not.
  return new Map(
    said
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' '))
      .map(([id = '', log]) => [id, Number(log)]),
  );
}

describe('a store whose process is killed', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foretaste-killed-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('still has every verdict it had said it kept, in a chain that holds', async () => {
    const file = join(folder, 'one.db');
    const said = new Map<string, number>();
    for (const round of [1, 2, 3])
      for (const [id, log] of await killedAfter(60 * round, file, `round${round}`)) said.set(id, log);
    const store = await openSqlite(file, { clock: Date.now });
    for (const [id, log] of said) expect(await store.verdicts.get(id)).toMatchObject({ log });
    const { entries, broken } = await store.verifyLog();
    expect(broken).toBeUndefined();
    expect(entries).toBeGreaterThanOrEqual(said.size);
    await store.close();
  });

  it('leaves the file to others that share it', async () => {
    const file = join(folder, 'shared.db');
    const [one, two] = await Promise.all([killedAfter(80, file, 'one'), killedAfter(80, file, 'two')]);
    const store = await openSqlite(file, { clock: Date.now });
    const logs = [...one.values(), ...two.values()];
    expect(new Set(logs).size).toBe(logs.length);
    for (const [id, log] of [...one, ...two]) expect(await store.verdicts.get(id)).toMatchObject({ log });
    expect(await store.verifyLog()).not.toHaveProperty('broken');
    await store.close();
  });
});
