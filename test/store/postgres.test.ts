import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/store/postgres.ts';
import { aStore } from './behaviour.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { verdict } from './verdict.ts';

describe('a store on PostgreSQL', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.stop());

  aStore(async (clock) => openPostgres(await cluster.database(), { clock }));

  it('is shared by several guards without a gap or a fork in the chain', async () => {
    const url = await cluster.database();
    const guards = await Promise.all([1, 2, 3].map(() => openPostgres(url, { clock: Date.now })));
    const kept = await Promise.all(
      Array.from({ length: 60 }, (_, place) => guards[place % 3]?.verdicts.append(verdict(), [])),
    );
    expect(kept.map((each) => each?.log).toSorted((a = 0, b = 0) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, place) => place + 1),
    );
    expect(await guards[0]?.verifyLog()).toEqual({ entries: 60 });
    for (const guard of guards) await guard.close();
  });

  it('is not opened where there is none, and the message keeps the password', async () => {
    const open = openPostgres('postgres://postgres:secret@127.0.0.1:1/none', { clock: Date.now });
    await expect(open).rejects.toMatchObject({ code: 'store' });
    await expect(open).rejects.not.toThrow(/secret/);
  });
});
