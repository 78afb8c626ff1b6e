import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { importSnapshots } from '../src/commands/snapshot.ts';
import { loadConfig } from '../src/config.ts';
import { openCore } from '../src/core.ts';
import type { Timestamp, Verdict } from '../src/domain/index.ts';
import { createEpochs } from '../src/epochs.ts';
import { bodyOf } from '../src/fetch/body.ts';
import { createRdap } from '../src/fetch/rdap.ts';
import { createGuard } from '../src/guard.ts';
import { domainObject, type Said, startRegistry } from './fetch/rdap-server.ts';

const HOUR = 3_600_000;
const HOST = 'www.site.org';
const registered = (at: Timestamp): Record<string, Said> => ({
  'site.org': { body: domainObject('site.org', { registration: at }) },
});

/** A guard with a dated record of a page, before a registry of ours; nothing is fetched but from there. */
async function staged(bootstrap: string) {
  const folder = await mkdtemp(join(tmpdir(), 'foretaste-epochs-'));
  const file = join(folder, 'foretaste.yaml');
  await writeFile(file, stringify({ data: join(folder, 'data'), destinations: { allow: ['127.0.0.0/8'] } }));
  const records = join(folder, 'records.jsonl');
  const record = { url: `https://${HOST}/a`, sha256: 'a'.repeat(64), date: '2021-06-01T00:00:00Z' };
  await writeFile(records, `${JSON.stringify(record)}\n`);
  const config = loadConfig({ config: file });
  await importSnapshots(config, [records], { dataset: 'bench', format: 'jsonl' }, () => undefined);
  const core = await openCore(config);
  const stage = { now: Date.now() };
  const clock = () => stage.now;
  const rdap = createRdap({ fetcher: core.ports.fetcher, clock, bootstrap });
  const epochs = createEpochs({ store: core.store.epochs, rdap, clock, pause: 1 });
  const guard = createGuard(
    { ...core.ports, epochs: { registered: epochs.registered, turned: () => undefined } },
    core.settings,
  );
  onTestFinished(async () => {
    await epochs.close();
    await core.close();
    await rm(folder, { recursive: true });
  });
  return {
    stage,
    epochs,
    store: core.store.epochs,
    screen: (text: string, path = '/a'): Promise<Verdict> =>
      guard.screen({
        content: bodyOf(Buffer.from(text)),
        mediaType: 'text/plain',
        url: `https://${HOST}${path}`,
      }),
    known: async (domain = 'site.org') => {
      for (;;) {
        const known = await core.store.epochs.get(domain);
        if (known !== undefined && known.until > stage.now) return known;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

const kindsOf = ({ findings }: Verdict) => findings.map(({ kind }) => kind);

describe('epochs of sources', () => {
  it('apply from the exchange on at which the registry has answered', async () => {
    const registry = await startRegistry(registered('2023-04-01T04:00:00Z'));
    const { screen, known } = await staged(registry.bootstrap);
    expect(kindsOf(await screen('one'))).not.toContain('source.epoch');
    await known();
    const verdict = await screen('two');
    expect(kindsOf(verdict)).toContain('source.epoch');
    expect(verdict.action).toBe('pass');
  });

  it('are silent of a domain that is older than its record', async () => {
    const registry = await startRegistry(registered('1999-04-01T04:00:00Z'));
    const { screen, known } = await staged(registry.bootstrap);
    await screen('one');
    await known();
    expect(kindsOf(await screen('two'))).not.toContain('source.epoch');
  });

  it('cost nothing where no record has a date', async () => {
    const registry = await startRegistry(registered('2023-04-01T04:00:00Z'));
    const { screen } = await staged(registry.bootstrap);
    await screen('one', '/unlisted');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(registry.asked).toEqual([]);
  });

  it('are asked for once by many exchanges, and again after a week', async () => {
    const registry = await startRegistry(registered('2023-04-01T04:00:00Z'));
    const { epochs, known, stage } = await staged(registry.bootstrap);
    const hosts = Array.from({ length: 50 }, (_, at) => `host-${at}.site.org`);
    await Promise.all(hosts.map((host) => epochs.registered(host)));
    await known();
    await Promise.all(hosts.map((host) => epochs.registered(host)));
    expect(registry.asked).toEqual(['/dns.json', '/org/domain/site.org']);
    stage.now += 8 * 24 * HOUR;
    expect(await epochs.registered(HOST)).toBe('2023-04-01T04:00:00.000Z');
    await known();
    expect(registry.asked.at(-1)).toBe('/org/domain/site.org');
    expect(registry.asked).toHaveLength(4);
  });

  it('hold no exchange up and say nothing where the network is silent or closed', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    onTestFinished(() => void silent.close());
    const hanging = await staged(`http://127.0.0.1:${port}/dns.json`);
    // The registry never answers, so that these resolve shows that nobody waits for it; closing must not wait either.
    expect(kindsOf(await hanging.screen('one'))).not.toContain('source.epoch');
    expect(kindsOf(await hanging.screen('two'))).not.toContain('source.epoch');
    const closed = await staged('http://127.0.0.1:1/dns.json');
    await closed.screen('one');
    expect(await closed.known()).toMatchObject({ registered: null });
    expect(kindsOf(await closed.screen('two'))).not.toContain('source.epoch');
  });

  it('keep what was known while a registry refuses, and wait as long as it asks', async () => {
    const domains = { 'site.org': { status: 429, fields: { 'retry-after': '36000' } } };
    const registry = await startRegistry(domains);
    const { epochs, known, store, stage } = await staged(registry.bootstrap);
    await store.put({ domain: 'site.org', registered: '2023-04-01T04:00:00.000Z', until: 0 });
    await epochs.registered(HOST);
    expect(await known()).toEqual({
      domain: 'site.org',
      registered: '2023-04-01T04:00:00.000Z',
      until: stage.now + 10 * HOUR,
    });
  });
});
