import { once } from 'node:events';
import { connect as connectH2 } from 'node:http2';
import { request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type Handler, html, lie, text } from './answer.ts';
import { asks } from './asked.ts';
import { type Origin, startOrigin } from './server.ts';

describe('the hostile web', () => {
  let origin: Origin;
  afterEach(() => origin.close());
  const serve = async (paths: Record<string, Handler>) => {
    origin = await startOrigin({ '*': paths });
    return origin;
  };

  it('tells robots another story than browsers', async () => {
    await serve({ '/a': lie((asked) => asks(asked, 'user-agent') === 'robot', html('lie'), html('truth')) });
    const get = async (agent: string) =>
      (await fetch(`${origin.urls.http()}/a`, { headers: { 'user-agent': agent } })).text();
    expect([await get('robot'), await get('browser')]).toEqual(['lie', 'truth']);
    expect(origin.requests.map(({ host, path, asks, visits }) => ({ host, path, asks, visits }))).toEqual([
      { host: '127.0.0.1', path: '/a', asks: 0, visits: 0 },
      { host: '127.0.0.1', path: '/a', asks: 1, visits: 0 },
    ]);
  });

  it('knows the ClientHello and the protocol of who asks over TLS', async () => {
    await serve({ '/a': () => text('hello') });
    const session = connectH2(origin.urls.https('site.localhost'), {
      ca: origin.ca,
      lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }] as never, 4),
    });
    const stream = session.request({ ':path': '/a' });
    const [fields] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(fields[':status']).toBe(200);
    session.destroy();
    const [asked] = origin.requests;
    expect(asked).toMatchObject({ scheme: 'https', httpVersion: '2', host: 'site.localhost' });
    expect(asked?.hello?.fingerprint).toMatch(/^[0-9a-f]{12}$/);
    expect(asked?.hello?.alpn).toEqual(['h2']);
  });

  it('speaks HTTP/1.1 over TLS to an address', async () => {
    await serve({ '/a': () => text('hello') });
    const request = requestHttps(`${origin.urls.https()}/a`, { ca: origin.ca }).end();
    const [response] = (await once(request, 'response')) as [Readable];
    expect((await response.toArray()).join('')).toBe('hello');
    expect(origin.requests[0]).toMatchObject({ httpVersion: '1.1', scheme: 'https' });
  });

  it('breaks off where it is told to', async () => {
    await serve({ '/a': () => ({ ...text('x'.repeat(1000)), breakAt: 100 }) });
    const response = await fetch(`${origin.urls.http()}/a`);
    await expect(response.text()).rejects.toThrow();
  });

  it('sends slowly and whole', async () => {
    await serve({ '/a': () => ({ ...text('abcdef'), pieces: { size: 2, every: 1 } }) });
    expect(await (await fetch(`${origin.urls.http()}/a`)).text()).toBe('abcdef');
  });

  it('compresses for those who can read it', async () => {
    await serve({ '/a': () => ({ ...text('a'.repeat(99)), coding: 'gzip' as const }) });
    const response = await fetch(`${origin.urls.http()}/a`);
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toBe('a'.repeat(99));
  });
});
