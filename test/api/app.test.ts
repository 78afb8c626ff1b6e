import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finding, lie, verdict } from '../store/verdict.ts';
import { type Api, once, openApi, sha256 } from './harness.ts';

describe('the API', () => {
  let api: Api;
  const page = verdict({
    url: 'https://example.org/a',
    digest: { sha256: sha256('page'), md5: '0'.repeat(32) },
  });
  const poison = lie({
    url: 'https://lying.example/b',
    source: 'lying.example',
    findings: [finding('split-view.text')],
  });
  beforeAll(async () => {
    api = await openApi({
      metrics: {
        contentType: 'text/plain; version=0.0.4',
        metrics: async () => 'foretaste_verdicts_total 2\n',
      },
    });
    await api.store.verdicts.append(page, []);
    await api.store.verdicts.append(poison, []);
    await api.bodies.put(page.digest.sha256, once('page'));
  });
  afterAll(() => api.close());

  it('says that it lives, is ready, and what it counted', async () => {
    expect(await api.ask('/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await api.ask('/readyz')).toMatchObject({
      status: 200,
      body: { ready: true, version: '0.0.0-test' },
    });
    const metrics = await api.call('/metrics');
    expect([metrics.headers.get('Content-Type'), await metrics.text()]).toEqual([
      'text/plain; version=0.0.4',
      'foretaste_verdicts_total 2\n',
    ]);
  });

  it('lists verdicts newest first, with every filter of the contract', async () => {
    const ids = async (query: string) => {
      const { body } = await api.ask(`/v1/verdicts?${query}`);
      return (body['items'] as Array<{ id: string }>).map(({ id }) => id);
    };
    expect(await ids('')).toEqual([poison.id, page.id]);
    expect(await ids('verdict=poisoned,suspect')).toEqual([poison.id]);
    expect(await ids('source=example.org')).toEqual([page.id]);
    expect(await ids('kind=split-view.*')).toEqual([poison.id]);
    expect(await ids(`url=${encodeURIComponent('https://example.org/a#part')}`)).toEqual([page.id]);
    expect(await ids('since=2099-01-01')).toEqual([]);
  });

  it('gives pages by cursor', async () => {
    const first = await api.ask('/v1/verdicts?limit=1');
    const second = await api.ask(`/v1/verdicts?limit=1&cursor=${first.body['next']}`);
    expect(second.body).toMatchObject({ items: [{ id: page.id }] });
    expect(second.body).not.toHaveProperty('next');
  });

  it.each([
    ['/v1/verdicts?limit=0', 'limit'],
    ['/v1/verdicts?limit=ten', 'limit'],
    ['/v1/verdicts?verdict=bad', 'verdict'],
    ['/v1/verdicts?kind=split-view.nothing', 'kind'],
    ['/v1/verdicts?since=yesterday', 'since'],
    ['/v1/verdicts?url=example.org', 'url'],
    ['/v1/verdicts?cursor=made-up', 'cursor'],
    ['/v1/verdicts?colour=red', 'colour'],
    ['/v1/sources?order=name', 'order'],
    ['/v1/export?format=xml', 'format'],
    ['/v1/fetch', 'url'],
    ['/v1/snapshots', 'url'],
  ])('answers %s with a problem that names %s', async (path, field) => {
    const response = await api.call(path);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 400, field });
  });

  it('gives one verdict, and 404 for none', async () => {
    expect(await api.ask(`/v1/verdicts/${page.id}`)).toEqual({
      status: 200,
      body: { ...page, review: null, log: 1 },
    });
    expect(await api.ask('/v1/verdicts/01J-none')).toMatchObject({ status: 404, body: { field: 'id' } });
    expect(await api.ask('/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('gives the bytes as an inert download', async () => {
    const response = await api.call(`/v1/verdicts/${page.id}/body`);
    expect(await response.text()).toBe('page');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment/),
      'content-length': '4',
      'content-security-policy': expect.stringContaining('sandbox'),
      'x-content-type-options': 'nosniff',
    });
    expect(await api.ask(`/v1/verdicts/${poison.id}/body`)).toMatchObject({ status: 404 });
  });

  it('looks up URLs by JSON and by lines, in the order asked, whatever the spelling', async () => {
    const urls = ['https://lying.example/b', 'https://never.example/', 'HTTPS://Example.org/a#x'];
    const { body } = await api.ask('/v1/verdicts/lookup', { json: { urls } });
    const ids = (items: unknown) => (items as Array<{ id: string } | null>).map((each) => each?.id ?? null);
    expect(ids(body['items'])).toEqual([poison.id, null, page.id]);
    const lines = await api.call('/v1/verdicts/lookup', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-ndjson' },
      body: `"${urls[0]}"\n{"url":"${urls[1]}"}\n`,
    });
    expect(lines.headers.get('Content-Type')).toBe('application/x-ndjson');
    expect(
      ids(
        (await lines.text())
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ),
    ).toEqual([poison.id, null]);
  });

  it('takes 10 000 URLs at once and not one more', async () => {
    const urls = Array.from({ length: 10_001 }, (_, place) => `https://example.org/${place}`);
    const { body } = await api.ask('/v1/verdicts/lookup', { json: { urls: urls.slice(1) } });
    expect(body['items']).toHaveLength(10_000);
    expect(await api.ask('/v1/verdicts/lookup', { json: { urls } })).toMatchObject({
      status: 400,
      body: { field: 'urls' },
    });
    expect(await api.ask('/v1/verdicts/lookup', { json: { urls: ['ftp://a'] } })).toMatchObject({
      status: 400,
      body: { field: 'urls[0]' },
    });
  });

  it('takes reviews, and refuses what is none', async () => {
    const { status, body } = await api.ask(`/v1/verdicts/${poison.id}/review`, {
      json: { decision: 'dismiss', note: 'consent banner' },
    });
    expect([status, body]).toMatchObject([
      200,
      { action: 'pass', review: { decision: 'dismiss', reviewer: 'local' } },
    ]);
    const refused = await api.ask(`/v1/verdicts/${poison.id}/review`, { json: { decision: 'maybe' } });
    expect(refused).toMatchObject({ status: 400, body: { field: 'decision' } });
    expect(await api.ask('/v1/verdicts/none/review', { json: { decision: 'confirm' } })).toMatchObject({
      status: 404,
    });
    await api.ask(`/v1/verdicts/${poison.id}/review`, { json: { decision: 'confirm' } });
  });

  it('refuses JSON that is broken, or comes as a form', async () => {
    const path = `/v1/verdicts/${poison.id}/review`;
    const post = (type: string, content: string) =>
      api.ask(path, { method: 'POST', headers: { 'Content-Type': type }, body: content });
    expect(await post('application/json', '{"decision":')).toMatchObject({ status: 400 });
    expect(await post('text/plain', '{"decision":"release"}')).toMatchObject({ status: 400 });
    expect(await post('application/x-www-form-urlencoded', 'decision=release')).toMatchObject({
      status: 400,
    });
  });

  it('lists sources, gives one with its reviews, and takes decisions about it', async () => {
    const { body } = await api.ask('/v1/sources');
    expect((body['items'] as Array<{ host: string }>).map(({ host }) => host)).toEqual([
      'lying.example',
      'example.org',
    ]);
    expect(await api.ask('/v1/sources/Example.org')).toMatchObject({
      body: { host: 'example.org', reviews: [] },
    });
    expect(await api.ask('/v1/sources/never.example')).toMatchObject({
      status: 404,
      body: { field: 'host' },
    });
    const reviewed = await api.ask('/v1/sources/example.org/review', {
      json: { decision: 'confirm', note: 'sold' },
    });
    expect(reviewed.body).toMatchObject({
      confirmed: true,
      reviews: [{ decision: 'confirm', note: 'sold' }],
    });
    expect((await api.ask(`/v1/verdicts/${page.id}`)).body).toMatchObject({
      action: 'quarantine',
      revoked: true,
    });
    await api.ask('/v1/sources/example.org/review', { json: { decision: 'dismiss' } });
    expect((await api.ask(`/v1/verdicts/${page.id}`)).body).toMatchObject({ action: 'pass' });
  });

  it('says what this guard runs without', async () => {
    expect(await api.ask('/v1/check', { json: { url: 'https://example.org/' } })).toMatchObject({
      status: 501,
    });
    expect(await api.ask('/v1/snapshots?url=https://example.org/')).toMatchObject({ status: 501 });
  });

  it('describes all its calls in OpenAPI 3.1 and on a page', async () => {
    const { body } = await api.ask('/openapi.json');
    expect(body['openapi']).toBe('3.1.0');
    expect(
      Object.entries(body['paths'] as object)
        .flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`))
        .sort(),
    ).toEqual([
      'get /healthz',
      'get /metrics',
      'get /readyz',
      'get /v1/events',
      'get /v1/export',
      'get /v1/fetch',
      'get /v1/releases/rules',
      'get /v1/snapshots',
      'get /v1/sources',
      'get /v1/sources/{host}',
      'get /v1/verdicts',
      'get /v1/verdicts/{id}',
      'get /v1/verdicts/{id}/body',
      'post /v1/check',
      'post /v1/releases',
      'post /v1/screen',
      'post /v1/snapshots',
      'post /v1/sources/{host}/review',
      'post /v1/verdicts/lookup',
      'post /v1/verdicts/{id}/review',
    ]);
    expect(body['components']).toMatchObject({
      schemas: {
        Verdict: {
          type: 'object',
          properties: { review: { anyOf: [{ $ref: '#/components/schemas/Review' }, { type: 'null' }] } },
        },
        Review: { type: 'object' },
      },
    });
    const docs = await api.call('/docs');
    expect(docs.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(await docs.text()).toContain('/v1/verdicts/{id}/review');
  });
});
