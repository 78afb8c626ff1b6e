import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openD1 } from '../../src/store/d1.ts';
import type { Store } from '../../src/store/engine.ts';
import { sha256 } from '../api/harness.ts';
import { lie, verdict } from '../store/verdict.ts';
import { startWorker, type Workerd } from './workerd.ts';

const TOKENS = JSON.stringify([
  { name: 'crawler', role: 'viewer', token: 'see' },
  { name: 'ada', role: 'reviewer', token: 'decide' },
]);
const as = (token: string) => ({ Authorization: `Bearer ${token}` });

describe('the Worker in workerd', () => {
  let workerd: Workerd;
  let store: Store;
  const page = verdict({
    url: 'https://example.org/a',
    digest: { sha256: sha256('page'), md5: '0'.repeat(32) },
  });
  const poison = lie({ url: 'https://lying.example/b', source: 'lying.example' });
  beforeAll(async () => {
    workerd = await startWorker(TOKENS);
    store = await openD1(workerd.db, { clock: Date.now });
    await store.verdicts.append(page, []);
    await store.verdicts.append(poison, []);
    await workerd.keepBody(page.digest.sha256, 'page');
  });
  afterAll(() => workerd.close());

  it('is ready, and says on which store', async () => {
    expect(await (await workerd.fetch('/readyz')).json()).toMatchObject({
      ready: true,
      checks: { store: { ok: true, detail: 'd1' } },
    });
  });

  it('reads verdicts, sources and bodies that D1 and R2 hold', async () => {
    const get = (path: string) => workerd.fetch(path, { headers: as('see') });
    expect(await (await get('/v1/verdicts')).json()).toMatchObject({
      items: [{ id: poison.id }, { id: page.id }],
    });
    expect(await (await get('/v1/sources')).json()).toMatchObject({ items: [{ host: 'lying.example' }, {}] });
    const body = await get(`/v1/verdicts/${page.id}/body`);
    expect([body.headers.get('Content-Security-Policy'), await body.text()]).toEqual([
      expect.stringContaining('sandbox'),
      'page',
    ]);
    expect((await (await get('/v1/export?format=csv')).text()).split('\r\n')).toHaveLength(4);
    const parquet = new Uint8Array(await (await get('/v1/export?format=parquet')).arrayBuffer());
    expect(new TextDecoder().decode(parquet.slice(-4))).toBe('PAR1');
  });

  it('appends a review to the chain in D1', async () => {
    const review = (token: string) =>
      workerd.fetch(`/v1/verdicts/${poison.id}/review`, {
        method: 'POST',
        headers: { ...as(token), 'Content-Type': 'application/json' },
        body: '{"decision":"dismiss","note":"banner"}',
      });
    expect((await review('see')).status).toBe(403);
    expect(await (await review('decide')).json()).toMatchObject({
      action: 'pass',
      review: { reviewer: 'ada' },
    });
    expect(await store.verifyLog()).toEqual({ entries: 3 });
  });

  it('shows the dashboard to whoever has a token', async () => {
    expect((await workerd.fetch('/')).status).toBe(401);
    const page = await workerd.fetch('/', { headers: { Authorization: `Basic ${btoa('any:see')}` } });
    expect([page.status, page.headers.get('Content-Type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
  });

  it('answers nobody without a token, nor what only a guard on Node can do', async () => {
    expect((await workerd.fetch('/v1/verdicts')).status).toBe(401);
    expect((await workerd.fetch('/v1/fetch?url=https://example.org/', { headers: as('see') })).status).toBe(
      501,
    );
  });
});

describe('the Worker without the secret TOKENS', () => {
  it('answers nobody', async () => {
    const workerd = await startWorker();
    expect((await workerd.fetch('/v1/verdicts', { headers: as('see') })).status).toBe(401);
    await workerd.close();
  });
});
