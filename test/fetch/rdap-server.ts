/** A registry on loopback: IANA's list and RDAP answers in the shapes that real servers give. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Registry {
  readonly url: string;
  readonly bootstrap: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
}

export interface Said {
  readonly status?: number;
  readonly fields?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A domain object as a registry of a generic top-level domain gives it. */
export const domainObject = (name: string, events: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    objectClassName: 'domain',
    handle: '2336799_DOMAIN_COM-VRSN',
    ldhName: name.toUpperCase(),
    links: [{ rel: 'self', type: 'application/rdap+json', href: `https://rdap.example/domain/${name}` }],
    status: ['client transfer prohibited'],
    entities: [{ objectClassName: 'entity', handle: '376', roles: ['registrar'] }],
    events: Object.entries(events).map(([eventAction, eventDate]) => ({ eventAction, eventDate })),
    secureDNS: { delegationSigned: false },
    nameservers: [{ objectClassName: 'nameserver', ldhName: 'A.NS.EXAMPLE' }],
    rdapConformance: ['rdap_level_0', 'icann_rdap_response_profile_1'],
  });

/** `domains`: what is said of each; anything else is a 404. `list`: in place of IANA's list. */
export async function startRegistry(
  domains: Readonly<Record<string, Said>>,
  list?: (url: string) => string,
): Promise<Registry> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const said: Said =
      path === '/dns.json'
        ? { body: list?.(url) ?? listOf(url) }
        : (domains[path.replace(/^\/(?:org|slow)\/domain\//, '')] ?? {
            status: 404,
            body: '{"errorCode":404}',
          });
    response.writeHead(said.status ?? 200, { 'content-type': 'application/rdap+json', ...said.fields });
    response.end(said.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url, bootstrap: `${url}/dns.json`, asked };
}

const listOf = (url: string): string =>
  JSON.stringify({
    description: 'RDAP bootstrap file for Domain Name System registrations',
    publication: '2026-11-01T00:00:00Z',
    services: [
      [['com', 'net'], [`${url}/com`]],
      [['ORG'], ['ftp://rdap.example/', `${url}/org/`]],
      [['ngo.org'], [`${url}/slow/`]],
    ],
    version: '1.0',
  });
