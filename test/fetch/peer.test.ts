import { describe, expect, it, onTestFinished } from 'vitest';
import type { Peer } from '../../src/domain/index.ts';
import { networkOf } from '../../src/fetch/peer.ts';
import { html } from '../origin/answer.ts';
import { startOrigin } from '../origin/server.ts';
import { captureOf, exchange, fetcher, signal } from './kit.ts';

/** Whom the crawler's own request meets at an origin with a key and an authority of its own. */
async function metAt(scheme: 'http' | 'https', times = 1): Promise<Peer[]> {
  const origin = await startOrigin({ '*': { '*': () => html('<p>hello</p>') } });
  onTestFinished(() => origin.close());
  const met: Peer[] = [];
  const client = fetcher({ upstreamCa: [origin.ca], met: (peer) => met.push(peer) });
  for (let at = 0; at < times; at += 1)
    await captureOf(client.own(exchange(`${origin.urls[scheme]()}/`), signal()));
  return met;
}

describe('whom a connection leads to', () => {
  it('is told by key and issuer, which another server does not share', async () => {
    const [[first], [second]] = [await metAt('https'), await metAt('https')];
    expect(first).toMatchObject({ host: '127.0.0.1', network: '127.0.0.0/16' });
    expect(first?.certificate).toEqual([
      expect.stringMatching(/^key [0-9a-f]{64}$/),
      expect.stringMatching(/^issuer ./),
    ]);
    expect(second?.certificate[0]).not.toBe(first?.certificate[0]);
  });

  it('is told by its network alone in the clear', async () => {
    expect(await metAt('http')).toEqual([{ host: '127.0.0.1', network: '127.0.0.0/16', certificate: [] }]);
  });

  it('is looked at once for all requests of one connection', async () => {
    expect(await metAt('https', 3)).toHaveLength(1);
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.0.0/16'],
    ['::ffff:192.0.2.7', '192.0.0.0/16'],
    ['2001:db8:17:1::9', '2001:db8::/32'],
  ])('%s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
