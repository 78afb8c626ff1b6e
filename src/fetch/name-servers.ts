/** Name servers of a domain, by whom they belong to. */
import { Resolver } from 'node:dns/promises';
import { getDomain } from 'tldts';

export interface NameServers {
  /** Registrable domains of the name servers of `domain`, sorted; undefined where there is no telling. Never throws. */
  of(domain: string): Promise<readonly string[] | undefined>;
  close(): void;
}

/** Nobody waits for it. */
const QUERY = { timeout: 3_000, tries: 2 };

/** `servers` are asked instead of the system's. */
export function createNameServers({ servers }: { servers?: readonly string[] } = {}): NameServers {
  const resolver = new Resolver(QUERY);
  if (servers !== undefined) resolver.setServers(servers);
  return {
    of: async (domain) => {
      const names = await resolver.resolveNs(domain).catch(() => []);
      // A registrar's servers have many names, which it hands out as it likes.
      const owners = names.map((name) => getDomain(name) ?? name.toLowerCase());
      return owners.length === 0 ? undefined : [...new Set(owners)].sort();
    },
    close: () => resolver.cancel(),
  };
}
