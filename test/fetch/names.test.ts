/** Names: a cache of one's own, fed by a DNS server that the test runs. */
import { describe, expect, it } from 'vitest';
import { createGate } from '../../src/fetch/gate.ts';
import { createNames, parseHosts } from '../../src/fetch/names.ts';
import { dnsServer } from './dns-server.ts';

const ZONE = {
  'both.example': { ttl: 60, addresses: ['93.184.216.34', '93.184.216.35', '2606:4700::1'] },
  'short.example': { ttl: 0, addresses: ['93.184.216.34'] },
  'long.example': { ttl: 86_400, addresses: ['93.184.216.34'] },
  'inside.example': { ttl: 60, addresses: ['169.254.169.254', 'fd00:ec2::254'] },
};

describe('names', () => {
  it('under localhost mean this machine without asking anybody', async () => {
    const { address, asked } = await dnsServer({});
    const names = createNames({ clock: Date.now, servers: [address] });
    expect(await names.resolve('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(await names.resolve('a.b.localhost')).toEqual(['127.0.0.1', '::1']);
    expect(asked).toEqual([]);
  });

  it('have addresses of both families, in turns', async () => {
    const { address } = await dnsServer(ZONE);
    const names = createNames({ clock: Date.now, servers: [address] });
    expect(await names.resolve('both.example')).toEqual(['2606:4700::1', '93.184.216.34', '93.184.216.35']);
  });

  it('that do not exist are a DNS error, remembered for a while', async () => {
    const { address, asked } = await dnsServer(ZONE);
    const names = createNames({ clock: () => 0, servers: [address] });
    await expect(names.resolve('nobody.example')).rejects.toMatchObject({ code: 'dns-error' });
    await expect(names.resolve('nobody.example')).rejects.toMatchObject({ code: 'dns-error' });
    expect(asked.toSorted()).toEqual(['nobody.example A', 'nobody.example AAAA']);
  });

  it.each([
    ['short.example', 4_999, 5_001],
    ['both.example', 59_999, 60_001],
    ['long.example', 299_999, 300_001],
  ])('%s is asked for again after its time, between 5 seconds and 5 minutes', async (name, within, after) => {
    let now = 0;
    const { address, asked } = await dnsServer(ZONE);
    const names = createNames({ clock: () => now, servers: [address] });
    await names.resolve(name);
    now = within;
    await names.resolve(name);
    expect(asked.length).toBe(2);
    now = after;
    await names.resolve(name);
    expect(asked.length).toBe(4);
  });

  it('asked for at the same time are one query', async () => {
    const { address, asked } = await dnsServer(ZONE);
    const names = createNames({ clock: Date.now, servers: [address] });
    await Promise.all([1, 2, 3].map(() => names.resolve('both.example')));
    expect(asked.length).toBe(2);
  });

  it('are nothing that two identities share', async () => {
    const { address, asked } = await dnsServer(ZONE);
    for (const _ of ['chrome', 'plain']) {
      await createNames({ clock: Date.now, servers: [address] }).resolve('both.example');
    }
    expect(asked.length).toBe(4);
  });

  it('that lead inside are refused at the gate', async () => {
    const { address } = await dnsServer(ZONE);
    const gate = createGate({ allow: [], deny: [], own: () => [] });
    const names = createNames({ clock: Date.now, servers: [address] });
    await expect(gate.permit('inside.example', 80, names)).rejects.toMatchObject({
      code: 'destination-prohibited',
    });
  });
});

describe('a hosts file', () => {
  it('gives every name its addresses in the order of the lines', () => {
    const hosts = parseHosts(
      '127.0.0.1 localhost # loopback\n\n# 10.0.0.1 old\n::1 localhost Ip6\n10.9.8.7\tlab.example LAB\r\nnonsense x\n',
    );
    expect(Object.fromEntries(hosts)).toEqual({
      localhost: ['127.0.0.1', '::1'],
      ip6: ['::1'],
      'lab.example': ['10.9.8.7'],
      lab: ['10.9.8.7'],
    });
  });
});
