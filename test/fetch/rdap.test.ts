import { describe, expect, it } from 'vitest';
import { createGate } from '../../src/fetch/gate.ts';
import { createRdap, type RdapAnswer } from '../../src/fetch/rdap.ts';
import { fetcher, signal } from './kit.ts';
import { domainObject, type Said, startRegistry } from './rdap-server.ts';

const REGISTERED = {
  registration: '2023-04-01T04:00:00Z',
  expiration: '2027-04-01T04:00:00Z',
  'last changed': '2026-03-02T07:01:38Z',
  'last update of RDAP database': '2026-11-21T09:00:00Z',
};

async function answerTo(domain: string, said: Readonly<Record<string, Said>>): Promise<RdapAnswer> {
  const registry = await startRegistry(said);
  const rdap = createRdap({ fetcher: fetcher(), clock: Date.now, bootstrap: registry.bootstrap });
  return rdap.ask(domain, signal());
}

describe('a registry', () => {
  it('says when a domain was registered', async () => {
    const said = { 'site.org': { body: domainObject('site.org', REGISTERED) } };
    expect(await answerTo('site.org', said)).toEqual({ kind: 'registered', at: '2023-04-01T04:00:00.000Z' });
  });

  it('says when a domain was registered again', async () => {
    const events = { ...REGISTERED, reregistration: '2025-02-03T00:00:00+02:00' };
    const said = { 'site.org': { body: domainObject('site.org', events) } };
    expect(await answerTo('site.org', said)).toEqual({ kind: 'registered', at: '2025-02-02T22:00:00.000Z' });
  });

  it('may send on to another server, a few times', async () => {
    const said = {
      'site.org': { status: 302, fields: { location: '/org/domain/moved' } },
      moved: { body: domainObject('site.org', REGISTERED) },
      'round.org': { status: 301, fields: { location: '/org/domain/round.org' } },
    };
    expect(await answerTo('site.org', said)).toMatchObject({ kind: 'registered' });
    expect(await answerTo('round.org', said)).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['a domain it does not have', {}, { kind: 'silent' }],
    [
      'a domain without dates',
      { body: domainObject('site.org', { expiration: '2027-04-01T04:00:00Z' }) },
      { kind: 'silent' },
    ],
    [
      'a date to come',
      { body: domainObject('site.org', { registration: '2999-01-01T00:00:00Z' }) },
      { kind: 'silent' },
    ],
    [
      'a date that is none',
      { body: domainObject('site.org', { registration: 'yesterday' }) },
      { kind: 'silent' },
    ],
    ['another domain', { body: domainObject('other.org', REGISTERED) }, { kind: 'unknown' }],
    [
      'an object of another class',
      { body: '{"objectClassName":"entity","ldhName":"site.org"}' },
      { kind: 'unknown' },
    ],
    ['nonsense', { body: '<html>Welcome</html>' }, { kind: 'unknown' }],
    ['a list', { body: '[null]' }, { kind: 'unknown' }],
    [
      'events of no shape',
      {
        body: '{"objectClassName":"domain","ldhName":"site.org","events":[null,3,{"eventAction":"registration"}]}',
      },
      { kind: 'silent' },
    ],
    [
      'too many requests',
      { status: 429, fields: { 'retry-after': '120' } },
      { kind: 'unknown', after: 120_000 },
    ],
    ['an error of its own', { status: 500, body: domainObject('site.org', REGISTERED) }, { kind: 'unknown' }],
  ] satisfies Array<[string, Said, RdapAnswer]>)(
    'that answers with %s is understood',
    async (_, said, answer) => {
      const domains: Record<string, Said> = Object.keys(said).length === 0 ? {} : { 'site.org': said };
      expect(await answerTo('site.org', domains)).toEqual(answer);
    },
  );

  it('is the one of the longest suffix, and silent where the list has none', async () => {
    const registry = await startRegistry({
      'site.ngo.org': { body: domainObject('site.ngo.org', REGISTERED) },
    });
    const rdap = createRdap({ fetcher: fetcher(), clock: Date.now, bootstrap: registry.bootstrap });
    expect(await rdap.ask('site.ngo.org', signal())).toMatchObject({ kind: 'registered' });
    expect(await rdap.ask('site.de', signal())).toEqual({ kind: 'silent' });
    expect(registry.asked).toEqual(['/dns.json', '/slow/domain/site.ngo.org']);
  });

  it('is unknown where the list of registries makes no sense', async () => {
    for (const list of ['', '{}', '{"services":7}', '[]']) {
      const registry = await startRegistry({}, () => list);
      const rdap = createRdap({ fetcher: fetcher(), clock: Date.now, bootstrap: registry.bootstrap });
      expect(await rdap.ask('site.org', signal())).toEqual({ kind: 'unknown' });
    }
  });

  it('is not asked on a private address, whatever the list says', async () => {
    const registry = await startRegistry({ 'site.org': { body: domainObject('site.org', REGISTERED) } });
    const gate = createGate({ allow: [], deny: [], own: () => [] });
    const rdap = createRdap({ fetcher: fetcher({ gate }), clock: Date.now, bootstrap: registry.bootstrap });
    expect(await rdap.ask('site.org', signal())).toEqual({ kind: 'unknown' });
    expect(registry.asked).toEqual([]);
  });
});
