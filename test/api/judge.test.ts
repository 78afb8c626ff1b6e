import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { heldBody } from '../../src/api/held.ts';
import type {
  Capture,
  Delivery,
  Exchange,
  Fields,
  Guard,
  NewVerdict,
  Profile,
} from '../../src/domain/index.ts';
import { finding, verdict } from '../store/verdict.ts';
import { type Api, openApi, sha256 } from './harness.ts';

/** What an origin of these tests sends, and what the guard makes of it. */
interface Scene {
  readonly status?: number;
  readonly fields?: Fields;
  readonly content?: string;
  readonly judged?: Partial<NewVerdict>;
  readonly failure?: string;
  readonly streaming?: true;
}

const PLAIN: Profile = {
  name: 'plain',
  fields: [
    ['Host', ''],
    ['User-Agent', 'plain/1'],
    ['Accept', '{accept}'],
    ['Sec-Fetch-Mode', 'navigate'],
  ],
  accept: { document: 'text/html', image: 'image/*' },
  only: { 'sec-fetch-mode': 'https' },
  tls: { alpn: ['http/1.1'] },
  engine: 'http',
};

describe('judging over the API', () => {
  let api: Api;
  const asked: Exchange[] = [];
  const released: string[] = [];
  const scenes: Record<string, Scene> = {
    '/clean': {
      content: 'page',
      fields: [
        ['Content-Type', 'text/html'],
        ['X-Kept', 'a'],
        ['X-Kept', 'b'],
      ],
    },
    '/poison': {
      content: 'lie',
      judged: { verdict: 'poisoned', action: 'block', findings: [finding('split-view.text')] },
    },
    '/hostile': {
      content: '<script>',
      fields: [
        ['Set-Cookie', 'a=1'],
        ['Clear-Site-Data', '"*"'],
        ['Content-Security-Policy', 'script-src *'],
        ['Access-Control-Allow-Origin', '*'],
        ['Foretaste-Verdict', 'clean'],
        ['Connection', 'close'],
      ],
    },
    '/moved': { status: 302, fields: [['Location', '/next?a=b']] },
    '/away': { status: 302, fields: [['Location', 'javascript:alert(1)']] },
    '/empty': { status: 204 },
    '/dead': { failure: 'connection_refused' },
    '/inside': { failure: 'destination_ip_prohibited' },
    '/odd': { status: 999 },
    '/slow': { failure: 'connection_timeout' },
    '/huge': { content: 'a stream', streaming: true },
  };

  const guardOver = (store: () => Api['store']): Guard => ({
    judge: async (exchange): Promise<Delivery> => {
      asked.push(exchange);
      const scene = scenes[new URL(exchange.url).pathname] ?? {};
      const given = verdict({ id: exchange.id, url: exchange.url, ...scene.judged });
      const judged = async () => ({ verdict: await store().verdicts.append(given, []) });
      const content = {
        ...heldBody(new TextEncoder().encode(scene.content ?? '')),
        release: async () => {
          released.push(exchange.id);
        },
      };
      const head = {
        status: scene.status ?? 200,
        reason: '',
        httpVersion: '1.1',
        fields: scene.fields ?? [],
      } as const;
      const capture: Capture = {
        ...head,
        kind: 'capture',
        identity: 'crawler@direct',
        url: exchange.url,
        trailers: [],
        body: content,
        digests: { entity: {}, decoded: {} },
        mediaType: 'text/html',
        truncated: false,
        startedAt: 0,
        duration: 1,
      };
      if (scene.streaming)
        return {
          kind: 'streaming',
          judgement: judged().then((each) => ({ ...each, capture })),
          arrival: {
            kind: 'arrival',
            head: { ...head, mediaType: 'text/html' },
            overflow: Promise.resolve(true),
            stream: () => content.stream(),
            whole: Promise.resolve(capture),
          },
        };
      if (scene.failure === undefined) return { kind: 'judged', judgement: { ...(await judged()), capture } };
      const { identity, url, startedAt, duration } = capture;
      const failure = {
        kind: 'failure',
        identity,
        url,
        error: scene.failure,
        detail: 'no',
        startedAt,
        duration,
      } as const;
      return { kind: 'judged', judgement: { ...(await judged()), failure } };
    },
    screen: async ({ content, mediaType, url }) =>
      store().verdicts.append(
        verdict({
          url: url ?? 'urn:sha256:unnamed',
          mediaType,
          bytes: content.size,
          digest: { sha256: sha256(String(content.size)), md5: '' },
        }),
        [],
      ),
  });

  beforeAll(async () => {
    api = await openApi({ guard: guardOver(() => api.store), profiles: [PLAIN] });
  });
  afterAll(() => api.close());

  const fetched = (path: string, headers: Record<string, string> = {}) =>
    api.call(`/v1/fetch?url=${encodeURIComponent(`https://example.org${path}`)}`, { headers });

  it('checks a URL as itself, or as a profile, with a label', async () => {
    const plain = await api.ask('/v1/check', { json: { url: 'https://example.org/clean#part' } });
    expect(plain).toMatchObject({
      status: 200,
      body: { url: 'https://example.org/clean', verdict: 'unverified' },
    });
    await api.ask('/v1/check', {
      json: { url: 'http://Example.org/clean', profile: 'plain', label: 'a cat' },
    });
    expect(asked.at(-1)).toMatchObject({
      source: 'example.org',
      label: 'a cat',
      fields: [
        ['User-Agent', 'plain/1'],
        ['Accept', 'text/html'],
      ],
    });
    const unknown = await api.ask('/v1/check', { json: { url: 'https://example.org/', profile: 'ie6' } });
    expect(unknown).toMatchObject({ status: 400, body: { field: 'profile' } });
    expect(await api.ask('/v1/check', { json: { url: 'file:///etc/passwd' } })).toMatchObject({
      body: { field: 'url' },
    });
  });

  it('gives the judged response itself, with its verdict', async () => {
    const response = await fetched('/clean', {
      'User-Agent': 'crawler/2',
      Authorization: 'Bearer ours',
      Cookie: 'ours',
    });
    expect(await response.text()).toBe('page');
    const { id } = asked.at(-1) as Exchange;
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-length': '4',
      'x-kept': 'a, b',
      'foretaste-verdict': `unverified;action=pass;id="${id}";quorum="0/0"`,
    });
    expect(asked.at(-1)?.fields).toEqual([['User-Agent', 'crawler/2']]);
    expect((await api.ask(`/v1/verdicts/${id}`)).status).toBe(200);
  });

  it('withholds what policy blocks', async () => {
    const response = await fetched('/poison');
    expect([response.status, response.headers.get('Content-Type')]).toEqual([
      410,
      'application/problem+json',
    ]);
    expect(response.headers.get('Proxy-Status')).toBe('foretaste;error=http_request_denied');
    expect(response.headers.get('Foretaste-Findings')).toBe('split-view.text;severity=high;score=0.97');
    expect(await response.json()).toMatchObject({ verdict: 'poisoned', status: 410 });
  });

  it('lets no origin speak for the origin of the API', async () => {
    const { headers } = await fetched('/hostile');
    expect(headers.get('Content-Security-Policy')).toBe("default-src 'none'; sandbox");
    for (const name of ['Set-Cookie', 'Clear-Site-Data', 'Access-Control-Allow-Origin', 'Connection'])
      expect(headers.get(name)).toBeNull();
    expect(headers.get('Foretaste-Verdict')).toMatch(/^unverified;/);
  });

  it('leads a client that follows back to the guard', async () => {
    const moved = await fetched('/moved');
    const next = encodeURIComponent('https://example.org/next?a=b');
    expect([moved.status, moved.headers.get('Location')]).toEqual([302, `/v1/fetch?url=${next}`]);
    expect((await fetched('/away')).headers.get('Location')).toBe('about:blank');
  });

  it('gives an answer without content as one', async () => {
    const response = await fetched('/empty');
    expect([response.status, response.body]).toEqual([204, null]);
  });

  it.each([
    ['/dead', 502, 'connection_refused'],
    ['/slow', 504, 'connection_timeout'],
    ['/inside', 403, 'destination_ip_prohibited'],
    ['/odd', 502, 'http_protocol_error'],
  ])('says of %s that the origin failed: %i', async (path, status, error) => {
    const response = await fetched(path);
    expect([response.status, response.headers.get('Proxy-Status')]).toEqual([
      status,
      `foretaste;error=${error}`,
    ]);
    expect(response.headers.get('Foretaste-Verdict')).toMatch(/^unverified;/);
  });

  it('streams content over the limit, its verdict pending under its id', async () => {
    const response = await fetched('/huge');
    expect(response.headers.get('Foretaste-Verdict')).toBe(`pending;id="${asked.at(-1)?.id}"`);
    expect(await response.text()).toBe('a stream');
  });

  it('lets go of what it held, read to the end, read in part, or never read', async () => {
    released.length = 0;
    const from = asked.length;
    await (await fetched('/clean')).text();
    await (await fetched('/clean')).body?.cancel();
    await api.call('/v1/fetch?url=https://example.org/clean', { method: 'HEAD' });
    for (const path of ['/poison', '/empty', '/odd']) await fetched(path);
    await (await fetched('/huge')).text();
    await api.ask('/v1/check', { json: { url: 'https://example.org/clean' } });
    // A stream is let go after its verdict, which may be after its last octet.
    const ids = asked.slice(from).map(({ id }) => id);
    await vi.waitFor(() => expect(released).toEqual(expect.arrayContaining(ids)));
  });

  it('judges bytes already held, up to the limit', async () => {
    const screen = (size: number, query = 'url=https://example.org/held') =>
      api.ask(`/v1/screen?${query}`, {
        method: 'POST',
        headers: { 'Content-Type': 'Image/PNG; a=b' },
        body: new Uint8Array(size),
      });
    expect(await screen(1024)).toMatchObject({ status: 200, body: { mediaType: 'image/png', bytes: 1024 } });
    expect(await screen(1025)).toMatchObject({ status: 413, body: { code: 'too-large' } });
    expect(await screen(1, 'label=a')).toMatchObject({ status: 200, body: { url: 'urn:sha256:unnamed' } });
    expect(await screen(1, 'url=no')).toMatchObject({ status: 400, body: { field: 'url' } });
  });
});
