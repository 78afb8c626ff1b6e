/** Perspectives through other proxies: who resolves the name, who is asked, and what never gets that far. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Attempt, identityOf, type Perspective } from '../../src/domain/index.ts';
import type { NodeFetcher } from '../../src/fetch/fetcher.ts';
import { proxyOf } from '../../src/fetch/route.ts';
import { html } from '../origin/answer.ts';
import { startOrigin } from '../origin/server.ts';
import { exchange, fetcher, profile, rawOrigin, signal } from './kit.ts';
import { httpProxy, socksProxy } from './upstream-proxies.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const plain = profile('plain');
const through = (url: string): Perspective => ({ name: 'eu', route: { via: 'proxy', url }, group: 'eu' });
const ask = (client: NodeFetcher, proxy: string, url: string): Promise<Attempt> =>
  client.as(identityOf(plain, through(proxy)), exchange(url), signal());

describe('an HTTP proxy', () => {
  it('is asked to connect by name', async () => {
    const [proxy, origin] = [await httpProxy(), await rawOrigin(() => ANSWER)];
    const url = `http://site.localhost:${origin.port}/`;
    expect(await ask(fetcher(), `http://127.0.0.1:${proxy.port}`, url)).toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`site.localhost:${origin.port}`]);
  });

  it('is given its user and password', async () => {
    const origin = await rawOrigin(() => ANSWER);
    const proxy = await httpProxy({ user: 'me', password: 'p@ss' });
    const right = await ask(fetcher(), `http://me:p%40ss@127.0.0.1:${proxy.port}`, `${origin.url}/`);
    const wrong = await ask(fetcher(), `http://me:no@127.0.0.1:${proxy.port}`, `${origin.url}/`);
    expect(right).toMatchObject({ status: 200 });
    expect(wrong).toMatchObject({ kind: 'failure', error: 'connection_refused', identity: 'plain@eu' });
  });

  it('carries TLS that is verified end to end, and HTTP/2', async () => {
    const origin = await startOrigin({ '*': { '/': () => html('<p>hello</p>') } });
    onTestFinished(() => origin.close());
    const proxy = await httpProxy();
    const url = `${origin.urls.https('site.localhost')}/`;
    const trusting = fetcher({ upstreamCa: [origin.ca] });
    expect(await ask(trusting, `http://127.0.0.1:${proxy.port}`, url)).toMatchObject({
      status: 200,
      httpVersion: '2',
    });
    expect(await ask(fetcher(), `http://127.0.0.1:${proxy.port}`, url)).toMatchObject({
      error: 'tls_certificate_error',
    });
  });
});

describe('a SOCKS5 proxy', () => {
  it('is given the address that was looked at for socks5', async () => {
    const [proxy, origin] = [await socksProxy(), await rawOrigin(() => ANSWER)];
    const url = `http://site.localhost:${origin.port}/`;
    expect(await ask(fetcher(), `socks5://127.0.0.1:${proxy.port}`, url)).toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`127.0.0.1:${origin.port}`]);
  });

  it('resolves the name itself for socks5h, which may be one that only it knows', async () => {
    const [proxy, origin] = [await socksProxy(), await rawOrigin(() => ANSWER)];
    const url = `http://only.there.invalid:${origin.port}/`;
    expect(await ask(fetcher(), `socks5h://127.0.0.1:${proxy.port}`, url)).toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`only.there.invalid:${origin.port}`]);
  });

  it('is given its user and password', async () => {
    const origin = await rawOrigin(() => ANSWER);
    const proxy = await socksProxy({ user: 'me', password: 'secret' });
    const right = await ask(fetcher(), `socks5://me:secret@127.0.0.1:${proxy.port}`, `${origin.url}/`);
    const wrong = await ask(fetcher(), `socks5://me:wrong@127.0.0.1:${proxy.port}`, `${origin.url}/`);
    const none = await ask(fetcher(), `socks5://127.0.0.1:${proxy.port}`, `${origin.url}/`);
    expect(right).toMatchObject({ status: 200 });
    expect(wrong).toMatchObject({ kind: 'failure', error: 'connection_refused' });
    expect(none).toMatchObject({ kind: 'failure', error: 'connection_refused' });
  });

  it('that says no is a refused connection', async () => {
    const proxy = await socksProxy();
    expect(
      await ask(fetcher(), `socks5h://127.0.0.1:${proxy.port}`, 'http://refused.example/'),
    ).toMatchObject({
      kind: 'failure',
      error: 'connection_refused',
      detail: expect.stringContaining('not allowed by its rules'),
    });
  });
});

describe('what lies behind a proxy', () => {
  it.each([
    ['http', 'http://10.0.0.1/'],
    ['socks5h', 'http://169.254.169.254/latest/meta-data/'],
    ['socks5', 'http://0xa9.0xfe.0xa9.0xfe/'],
  ])('passes the gate all the same, over %s to %s', async (scheme, url) => {
    const proxy = scheme === 'http' ? await httpProxy() : await socksProxy();
    expect(await ask(fetcher(), `${scheme}://127.0.0.1:${proxy.port}`, url)).toMatchObject({
      error: 'destination_ip_prohibited',
    });
    expect(proxy.asked).toEqual([]);
  });
});

describe('a proxy as configured', () => {
  it('is a URL of a kind that can be spoken to', () => {
    expect(proxyOf('socks5://127.0.0.1')).toMatchObject({ host: '127.0.0.1', port: 1080, resolves: false });
    expect(proxyOf('https://proxy.example')).toMatchObject({ speaks: 'https', port: 443, resolves: true });
    expect(() => proxyOf('ftp://proxy.example')).toThrow('socks5h URL but received ftp://proxy.example');
    expect(() => proxyOf('proxy.example:3128')).toThrow('Expected an http');
  });
});
