import { describe, expect, it } from 'vitest';
import { createNameServers } from '../../src/fetch/name-servers.ts';
import { dnsServer } from './dns-server.ts';

describe('the name servers of a domain', () => {
  it('are told by whom they belong to', async () => {
    const { address, asked } = await dnsServer({
      'site.org': { ttl: 60, nameServers: ['ns2.hoster.net', 'NS1.hoster.net', 'ns.other.co.uk'] },
    });
    expect(await createNameServers({ servers: [address] }).of('site.org')).toEqual([
      'hoster.net',
      'other.co.uk',
    ]);
    expect(asked).toEqual(['site.org NS']);
  });

  it('are unknown where nobody says', async () => {
    const { address } = await dnsServer({ 'silent.org': { ttl: 60 } });
    const nameServers = createNameServers({ servers: [address] });
    expect(await nameServers.of('silent.org')).toBeUndefined();
    expect(await nameServers.of('missing.org')).toBeUndefined();
  });
});
