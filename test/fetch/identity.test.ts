/** Reference identities: each a whole of its own, and none with anything of the crawler or of another. */
import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Identity, identityOf, type Perspective } from '../../src/domain/index.ts';
import { html } from '../origin/answer.ts';
import { type Origin, startOrigin } from '../origin/server.ts';
import { captureOf, exchange, fetcher, profile, rawOrigin, signal } from './kit.ts';

const DIRECT: Perspective = { name: 'direct', route: { via: 'direct' }, group: 'lab' };
const as = (name: string, perspective = DIRECT): Identity => identityOf(profile(name), perspective);

async function origin(): Promise<Origin> {
  const started = await startOrigin({ '*': { '*': () => ({ ...html('<p>hello</p>'), coding: 'br' }) } });
  onTestFinished(() => started.close());
  return started;
}

const names = (fields: ReadonlyArray<readonly [string, string]> = []): string[] =>
  fields.map(([name]) => name);
const value = (fields: ReadonlyArray<readonly [string, string]> = [], wanted: string): string | undefined =>
  fields.find(([name]) => name.toLowerCase() === wanted)?.[1];

describe('chrome-desktop', () => {
  it('over HTTP/2 has the fields of a navigation in their order', async () => {
    const { urls, ca, requests } = await origin();
    const client = fetcher({ upstreamCa: [ca] });
    const attempt = await client.as(as('chrome-desktop'), exchange(`${urls.https()}/`), signal());
    expect(attempt).toMatchObject({
      kind: 'capture',
      identity: 'chrome-desktop@direct',
      httpVersion: '2',
      status: 200,
    });
    expect(names(requests[0]?.fields)).toEqual([
      'sec-ch-ua',
      'sec-ch-ua-mobile',
      'sec-ch-ua-platform',
      'upgrade-insecure-requests',
      'user-agent',
      'accept',
      'sec-fetch-site',
      'sec-fetch-mode',
      'sec-fetch-user',
      'sec-fetch-dest',
      'accept-encoding',
      'accept-language',
      'priority',
    ]);
  });

  it('over plain HTTP leaves out what browsers send over TLS only', async () => {
    const { urls, requests } = await origin();
    await fetcher().as(as('chrome-desktop'), exchange(`${urls.http()}/`), signal());
    expect(names(requests[0]?.fields)).toEqual([
      'Host',
      'Connection',
      'Upgrade-Insecure-Requests',
      'User-Agent',
      'Accept',
      'Accept-Encoding',
      'Accept-Language',
    ]);
    expect(value(requests[0]?.fields, 'accept-encoding')).toBe('gzip, deflate');
  });

  it('asks for a picture as a page does', async () => {
    const { urls, ca, requests } = await origin();
    const client = fetcher({ upstreamCa: [ca] });
    await client.as(as('chrome-desktop'), exchange(`${urls.https()}/cat.JPG?size=2`), signal());
    expect(value(requests[0]?.fields, 'sec-fetch-dest')).toBe('image');
    expect(value(requests[0]?.fields, 'accept')).toMatch(/^image\/avif/);
  });

  it('takes its content coding off, with digests of both', async () => {
    const { urls, ca } = await origin();
    const client = fetcher({ upstreamCa: [ca] });
    const attempt = await client.as(as('chrome-desktop'), exchange(`${urls.https()}/`), signal());
    if (attempt.kind !== 'capture') throw new Error(attempt.detail);
    expect(Buffer.from(await attempt.body.decoded()).toString()).toBe('<p>hello</p>');
    const sha256 = createHash('sha256').update('<p>hello</p>').digest('hex');
    expect(attempt.digests.decoded.sha256).toBe(sha256);
    expect(attempt.digests.decoded.sha256).not.toBe(attempt.digests.entity.sha256);
  });
});

describe('identities', () => {
  it('differ in TLS from one another and from the crawler', async () => {
    const { urls, ca, requests } = await origin();
    const client = fetcher({ upstreamCa: [ca] });
    const asked = exchange(`${urls.https()}/`);
    await captureOf(client.own(asked, signal()));
    for (const name of ['chrome-desktop', 'firefox-desktop', 'plain'])
      await client.as(as(name), asked, signal());
    const hellos = requests.map(({ hello }) => hello?.fingerprint);
    expect(new Set(hellos).size).toBe(4);
  });

  it('offer ciphers in the order of their browser', async () => {
    const { urls, ca, requests } = await origin();
    const client = fetcher({ upstreamCa: [ca] });
    for (const name of ['chrome-desktop', 'firefox-desktop']) {
      await client.as(as(name), exchange(`${urls.https()}/`), signal());
    }
    const hex = requests.map(({ hello }) => hello?.ciphers.map((cipher) => cipher.toString(16)).join(' '));
    // JA3 of Chrome: 4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53, GREASE and SCSV aside.
    expect(hex[0]).toMatch(/^1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 9c 9d 2f 35/);
    // JA3 of Firefox: 4865-4867-4866-49195-49199-52393-52392-49196-49200-49162-49161-49171-49172-156-157-47-53.
    expect(hex[1]).toMatch(/^1301 1303 1302 c02b c02f cca9 cca8 c02c c030 c00a c009 c013 c014 9c 9d 2f 35/);
  });

  it('share no connection', async () => {
    const raw = await rawOrigin(() => 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    const client = fetcher();
    const asked = exchange(`${raw.url}/`);
    await captureOf(client.own(asked, signal()));
    await client.as(as('plain'), asked, signal());
    await client.as(as('plain', { ...DIRECT, name: 'other' }), asked, signal());
    expect(raw.connections()).toBe(3);
    await client.as(as('plain'), asked, signal());
    expect(raw.connections()).toBe(3);
  });

  it('carry nothing of the crawler: no cookie, no authorization, no method, no content', async () => {
    const { urls, requests } = await origin();
    const asked = exchange(`${urls.http()}/`, {
      method: 'POST',
      fields: [
        ['Cookie', 'session=1'],
        ['Authorization', 'Bearer x'],
        ['User-Agent', 'CrawlerBot'],
        ['Foretaste-Label', 'a cat'],
      ],
    });
    await fetcher().as(as('plain'), asked, signal());
    expect(requests[0]).toMatchObject({ method: 'GET' });
    expect(names(requests[0]?.fields)).toEqual(['Host', 'User-Agent', 'Accept']);
  });

  it('leave from their own address', async () => {
    const { urls, requests } = await origin();
    const second: Perspective = {
      name: 'second',
      route: { via: 'localAddress', address: '127.0.0.6' },
      group: 'lab',
    };
    await fetcher().as(as('plain', second), exchange(`${urls.http()}/`), signal());
    expect(requests[0]?.remoteAddress).toBe('127.0.0.6');
  });

  it('an attempt names its identity, failures too', async () => {
    const attempt = await fetcher().as(as('plain'), exchange('http://10.0.0.1/'), signal());
    expect(attempt).toMatchObject({
      kind: 'failure',
      identity: 'plain@direct',
      error: 'destination_ip_prohibited',
    });
  });
});
