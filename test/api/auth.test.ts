import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../../src/api/serve.ts';
import { lie } from '../store/verdict.ts';
import { type Api, openApi } from './harness.ts';

const TOKENS = [
  { name: 'crawler', role: 'viewer', token: 'see' },
  { name: 'ada', role: 'reviewer', token: 'decide' },
  { name: 'grace', role: 'admin', token: 'all' },
] as const;
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

describe('the API with tokens', () => {
  let api: Api;
  const poison = lie();
  beforeAll(async () => {
    api = await openApi({ tokens: TOKENS, importSnapshots: async () => ({ records: 1, skipped: 0 }) });
    await api.store.verdicts.append(poison, []);
  });
  afterAll(() => api.close());

  it.each([
    ['no token', {}],
    ['a wrong token', bearer('guess')],
    ['an empty token', { Authorization: 'Bearer ' }],
    ['the beginning of a token', bearer('se')],
    ['another scheme', { Authorization: 'Digest see' }],
  ])('answers 401 to %s', async (_what, headers) => {
    const response = await api.call('/v1/verdicts', { headers });
    expect([response.status, response.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
  });

  it('says without a token that it lives and what it offers, and no more', async () => {
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs'])
      expect((await api.call(path)).status).toBe(200);
    for (const path of ['/metrics', '/v1/export', '/v1/events', '/v1/sources', '/'])
      expect((await api.call(path)).status).toBe(401);
  });

  it.each([
    ['see', 403, 403],
    ['decide', 200, 403],
    ['all', 200, 200],
  ])('lets the token %s read, and review with %i, and import with %i', async (token, review, bring) => {
    const headers = bearer(token);
    expect((await api.call('/v1/verdicts', { headers })).status).toBe(200);
    const path = `/v1/verdicts/${poison.id}/review`;
    expect((await api.call(path, { json: { decision: 'confirm' }, headers })).status).toBe(review);
    const brought = await api.call('/v1/snapshots?format=jsonl', { method: 'POST', body: '{}', headers });
    expect(brought.status).toBe(bring);
  });

  it('writes down who decided', async () => {
    const { body } = await api.ask(`/v1/verdicts/${poison.id}/review`, {
      json: { decision: 'release' },
      headers: bearer('decide'),
    });
    expect(body).toMatchObject({ review: { reviewer: 'ada' } });
  });

  it('takes the token as the password of a browser', async () => {
    const basic = (pair: string) =>
      api.call('/v1/verdicts', { headers: { Authorization: `Basic ${btoa(pair)}` } });
    expect((await basic('anyone:see')).status).toBe(200);
    expect((await basic('see:guess')).status).toBe(401);
    expect((await api.call('/')).headers.get('WWW-Authenticate')).toMatch(/^Basic realm=/);
  });
});

describe('the API without tokens', () => {
  let api: Api;
  const poison = lie();
  beforeAll(async () => {
    api = await openApi();
    await api.store.verdicts.append(poison, []);
  });
  afterAll(() => api.close());

  it.each([
    ['127.0.0.1:8081', 200],
    ['127.8.9.1', 200],
    ['localhost:8081', 200],
    ['[::1]:8081', 200],
    ['rebound.example:8081', 403],
    ['127.0.0.1.rebound.example', 403],
    ['192.0.2.1', 403],
    ['', 403],
  ])('answers Host %s with %i, since names can be rebound to this machine', async (host, status) => {
    expect((await api.call('/v1/verdicts', { headers: { Host: host } })).status).toBe(status);
  });

  it.each([
    [{ Origin: 'https://other.example' }, 403],
    [{ Origin: 'null' }, 403],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-origin', Origin: 'http://127.0.0.1:8081' }, 200],
    [{}, 200],
  ])('answers a review that comes with %j with %i', async (headers, status) => {
    const path = `/v1/verdicts/${poison.id}/review`;
    expect((await api.call(path, { json: { decision: 'confirm' }, headers })).status).toBe(status);
  });

  it('refuses to start on an address that others can reach', async () => {
    const app = { fetch: () => new Response() };
    const start = serveApi(app, { host: '0.0.0.0', port: 0, tokens: [] });
    await expect(start).rejects.toMatchObject({ code: 'config', where: 'api.listen' });
    const served = await serveApi(app, { host: '127.0.0.1', port: 0, tokens: [] });
    expect((await fetch(`http://127.0.0.1:${served.port}/`)).status).toBe(200);
    const taken = serveApi(app, { host: '127.0.0.1', port: served.port, tokens: [] });
    await expect(taken).rejects.toThrow(/EADDRINUSE/);
    await served.close();
  });
});
