import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Peer, unknownStanding } from '../src/domain/index.ts';
import { createNameServers } from '../src/fetch/name-servers.ts';
import { createMarks } from '../src/marks.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import { dnsServer } from './fetch/dns-server.ts';

const DAY = 24 * 3_600_000;
const HOST = 'www.site.org';
const BEFORE: Peer = { host: HOST, network: '192.0.0.0/16', certificate: ['key 1', 'issuer A'] };
const RENEWED: Peer = { ...BEFORE, certificate: ['key 2', 'issuer A'] };
const AFTER: Peer = { host: HOST, network: '198.51.0.0/16', certificate: ['key 3', 'issuer B'] };

/** Marks on a store that outlives them, before a name server of ours; the clock is the test's own. */
async function staged() {
  const folder = await mkdtemp(join(tmpdir(), 'foretaste-marks-'));
  const zone: Parameters<typeof dnsServer>[0] = {
    'site.org': { ttl: 1, nameServers: ['ns1.first.net', 'ns2.first.net'] },
  };
  const dns = await dnsServer(zone);
  const stage = { now: Date.parse('2026-11-01T00:00:00Z'), corroborated: 70 };
  const clock = () => stage.now;
  const store = await openSqlite(join(folder, 'marks.db'), { clock });
  const turns: string[] = [];
  const open = () =>
    createMarks({
      store: store.epochs,
      sources: {
        standing: async (host) => ({ ...unknownStanding(host, host), corroborated: stage.corroborated }),
      },
      nameServers: createNameServers({ servers: [dns.address] }),
      clock,
      onTurn: (host) => turns.push(host),
      pause: 1,
    });
  let marks = open();
  onTestFinished(async () => {
    await marks.close();
    await store.close();
    await rm(folder, { recursive: true });
  });
  return {
    stage,
    zone,
    dns,
    turns,
    turned: () => marks.turned(HOST),
    met: (peer: Peer) => marks.met(peer),
    /** Meets `peer`, and waits until the store says so. */
    meet: async (peer: Peer) => {
      marks.met(peer);
      for (;;) {
        const kept = await store.epochs.marks(HOST);
        const all = kept.flatMap(({ values }) => values);
        if ([peer.network, ...peer.certificate].every((value) => all.includes(value))) return;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    restart: async () => {
      await marks.close();
      marks = open();
    },
  };
}

/** What comes true behind the exchanges. */
const eventually = (check: () => unknown) => expect.poll(check, { timeout: 5_000, interval: 5 });

describe('the marks of a host', () => {
  it('turn where certificate and network are others, and not where a certificate is renewed', async () => {
    const { meet, turned, stage, turns } = await staged();
    await meet(BEFORE);
    stage.now += 40 * DAY;
    await meet(RENEWED);
    expect(turned()).toBeUndefined();
    stage.now += 40 * DAY;
    await meet(AFTER);
    await eventually(turned).toEqual({
      at: '2027-01-20T00:00:00.000Z',
      marks: ['certificate', 'network'],
      corroborated: 70,
    });
    expect(turns).toEqual([HOST]);
  });

  it('turn where the domain has other name servers and the host another network', async () => {
    const { meet, turned, stage, zone } = await staged();
    await meet(BEFORE);
    stage.now += 8 * DAY;
    zone['site.org'] = { ttl: 1, nameServers: ['ns1.second.net'] };
    await meet({ ...BEFORE, network: AFTER.network });
    await eventually(() => turned()?.marks).toEqual(['network', 'name-servers']);
  });

  it('are known again after a restart, from the next connection on', async () => {
    const { meet, turned, stage, restart, turns } = await staged();
    await meet(BEFORE);
    stage.now += 40 * DAY;
    await meet(AFTER);
    await restart();
    expect(turned()).toBeUndefined();
    await meet(AFTER);
    await eventually(() => turned()?.corroborated).toBe(70);
    expect(turns).toEqual([HOST]);
  });

  it('cost one question to name servers a week, however many connections there are', async () => {
    const { meet, dns, stage } = await staged();
    for (let at = 0; at < 20; at += 1) await meet(at % 2 === 0 ? BEFORE : RENEWED);
    expect(dns.asked).toEqual(['site.org NS']);
    stage.now += 8 * DAY;
    await meet(BEFORE);
    await eventually(() => dns.asked.length).toBe(2);
  });

  it('are not kept of addresses and of names that nobody can register', async () => {
    const { met, dns, meet } = await staged();
    for (const host of ['192.0.2.1', 'site.test', 'www.example.org', 'localhost']) met({ ...BEFORE, host });
    // What is met later is worked off later.
    await meet(BEFORE);
    expect(dns.asked).toEqual(['site.org NS']);
  });
});
