/** The browser profile: a real Chromium, behind the same gate as everybody. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { identityOf, type Perspective } from '../../src/domain/index.ts';
import { launchChromium } from '../../src/fetch/chromium.ts';
import { createFetcher, type NodeFetcher } from '../../src/fetch/fetcher.ts';
import { createGate } from '../../src/fetch/gate.ts';
import { launch } from '../browser/launch.ts';
import { html, png, redirect } from '../origin/answer.ts';
import { type Origin, startOrigin } from '../origin/server.ts';
import { exchange, fetcher, LIMITS, loopbackGate, profile, signal } from './kit.ts';

const from = (address: string): Perspective => ({
  name: 'second',
  route: { via: 'localAddress', address },
  group: '',
});
const browser = identityOf(profile('browser'), from('127.0.0.8'));

async function origin(): Promise<Origin> {
  const started = await startOrigin({
    '*': {
      '/': () =>
        html('<p id="a">raw</p><script>document.getElementById("a").textContent = "rendered"</script>'),
      '/moved': () => redirect('/elsewhere'),
      '/cat.png': () => png(picture),
      '/inside': () => html('<img src="http://10.0.0.1/secret"><p>outside</p>'),
    },
  });
  onTestFinished(() => started.close());
  return started;
}

const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
  .png()
  .toBuffer();

let client: NodeFetcher;
beforeAll(async () => {
  const spool = mkdtempSync(join(tmpdir(), 'foretaste-browser-'));
  client = createFetcher({
    gate: loopbackGate(),
    spool,
    upstreamCa: [],
    clock: Date.now,
    limits: LIMITS,
    launch,
  });
  // Unpacks the browser where that was not done yet, which takes longer than a test may.
  await (await launch()).close();
});
afterAll(() => client.close());

describe('a page through the browser', () => {
  it('is asked for from where a visit comes, with the cookies that it brings', async () => {
    const { urls, requests } = await origin();
    const after = [['Set-Cookie', 'id=1; Path=/; HttpOnly']] as const;
    await client.as(browser, exchange(`${urls.http()}/`), signal(), { draw: 0, after });
    await client.as(browser, exchange(`${urls.http()}/`), signal());
    const sent = (at: number, wanted: string) =>
      requests[at]?.fields.find(([name]) => name.toLowerCase() === wanted)?.[1];
    expect([sent(0, 'referer'), sent(0, 'cookie')]).toEqual([`${urls.http()}/`, 'id=1']);
    expect([sent(1, 'referer'), sent(1, 'cookie')]).toEqual([undefined, undefined]);
  });

  it('is the document after its scripts have run, asked from the perspective', async () => {
    const { urls, requests } = await origin();
    const attempt = await client.as(browser, exchange(`${urls.http()}/`), signal());
    if (attempt.kind !== 'capture') throw new Error(attempt.detail);
    expect(attempt).toMatchObject({ identity: 'browser@second', status: 200, mediaType: 'text/html' });
    expect(Buffer.from(await attempt.body.decoded()).toString()).toContain('<p id="a">rendered</p>');
    expect(requests[0]?.remoteAddress).toBe('127.0.0.8');
    expect(requests[0]?.fields.find(([name]) => name === 'User-Agent')?.[1]).toMatch(
      / Chrome\/\d+\.0\.0\.0 Safari/,
    );
  });

  it('is not followed elsewhere', async () => {
    const { urls } = await origin();
    const attempt = await client.as(browser, exchange(`${urls.http()}/moved`), signal());
    expect(attempt).toMatchObject({ kind: 'capture', status: 302, body: { size: 0 } });
  });

  it('that is a picture is its file', async () => {
    const { urls } = await origin();
    const attempt = await client.as(browser, exchange(`${urls.http()}/cat.png`), signal());
    if (attempt.kind !== 'capture') throw new Error(attempt.detail);
    expect(picture.equals(await attempt.body.bytes())).toBe(true);
  });

  it('passes the gate, with all that it loads', async () => {
    const { urls } = await origin();
    const inside = await client.as(browser, exchange(`${urls.http()}/inside`), signal());
    expect(inside).toMatchObject({ kind: 'capture', status: 200 });
    const closed = fetcher({ launch, gate: createGate({ allow: [], deny: [], own: () => [] }) });
    const direct = identityOf(profile('browser'), { name: 'direct', route: { via: 'direct' }, group: '' });
    expect(await closed.as(direct, exchange(`${urls.http()}/`), signal())).toMatchObject({ kind: 'failure' });
  });

  it('that takes too long is given up', async () => {
    const { urls } = await origin();
    const late = AbortSignal.timeout(1);
    expect(await client.as(browser, exchange(`${urls.http()}/`), late)).toMatchObject({ kind: 'failure' });
  });
});

it('without a Chromium a browser profile is a failure that says so', async () => {
  const none = fetcher({ launch: () => launchChromium('/nowhere/chromium') });
  expect(await none.as(browser, exchange('http://127.0.0.1/'), signal())).toMatchObject({ kind: 'failure' });
});
