/** Names to addresses: one cache per identity, since a shared DNS answer would make two perspectives one. */
import { lookup, Resolver } from 'node:dns/promises';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { LRUCache } from 'lru-cache';
import { type Clock, ForetasteError, type Milliseconds } from '../domain/index.ts';
import { canonicalAddress, isLocalName } from './address.ts';

export interface Names {
  /**
   * Addresses of a canonical name, at least one, IPv6 and IPv4 interleaved as they came.
   * @throws ForetasteError `dns-error`, `dns-timeout`
   */
  resolve(name: string): Promise<readonly string[]>;
}

/** An answer is believed 5 minutes at most, whatever its TTL: longer pins serve rebinding more than speed. */
const LONGEST_TTL: Milliseconds = 300_000;
/** And 5 seconds at least, so that a TTL of 0 does not cost a query for each of a page's pictures. */
const SHORTEST_TTL: Milliseconds = 5_000;
/** What did not resolve is asked again after 5 seconds. */
const FAILURE_TTL: Milliseconds = 5_000;
/** One query's patience, and how often it is sent: 6 s in all, under the 10 s that an audit may take. */
const QUERY = { timeout: 2_000, tries: 2 };
/** A crawl of a million hosts must not grow without end; 20,000 answers are about 4 MB. */
const MOST_ANSWERS = 20_000;

/**
 * Resolve over DNS from `localAddress`, after the hosts file; getaddrinfo only where no DNS server answers.
 * `servers` are asked instead of the system's.
 */
export function createNames(options: {
  clock: Clock;
  localAddress?: string;
  servers?: readonly string[];
}): Names {
  const resolver = new Resolver(QUERY);
  if (options.servers !== undefined) resolver.setServers(options.servers);
  if (options.localAddress !== undefined) {
    const v6 = isIP(options.localAddress) === 6;
    resolver.setLocalAddress(v6 ? '0.0.0.0' : options.localAddress, v6 ? options.localAddress : '::0');
  }
  const answers = new LRUCache<string, Answer>({ max: MOST_ANSWERS });
  const asking = new Map<string, Promise<Answer>>();

  const ask = (name: string): Promise<Answer> => {
    const asked = query(resolver, name, options.clock)
      .catch((error: unknown): Answer => ({ until: options.clock() + FAILURE_TTL, error }))
      .then((answer) => {
        asking.delete(name);
        answers.set(name, answer);
        return answer;
      });
    asking.set(name, asked);
    return asked;
  };

  return {
    async resolve(name) {
      if (isLocalName(name)) return ['127.0.0.1', '::1'];
      const fixed = hostsFile().get(name);
      if (fixed !== undefined) return fixed;
      const held = answers.get(name);
      const fresh = held !== undefined && held.until > options.clock();
      const answer = fresh ? held : await (asking.get(name) ?? ask(name));
      if ('error' in answer) throw answer.error;
      return answer.addresses;
    },
  };
}

type Answer = { readonly until: Milliseconds } & (
  | { readonly addresses: readonly string[] }
  | { readonly error: unknown }
);

async function query(resolver: Resolver, name: string, clock: Clock): Promise<Answer> {
  const [v6, v4] = await Promise.allSettled([
    resolver.resolve6(name, { ttl: true }),
    resolver.resolve4(name, { ttl: true }),
  ]);
  const records = interleave(
    v6.status === 'fulfilled' ? v6.value : [],
    v4.status === 'fulfilled' ? v4.value : [],
  );
  if (records.length > 0) {
    const ttl = Math.min(...records.map((record) => record.ttl * 1000));
    return {
      until: clock() + Math.min(Math.max(ttl, SHORTEST_TTL), LONGEST_TTL),
      addresses: records.map((record) => canonicalAddress(record.address)),
    };
  }
  const codes = [v6, v4].map((settled) =>
    settled.status === 'rejected' ? codeOf(settled.reason) : 'ENODATA',
  );
  if (codes.every((code) => code === 'ENOTFOUND' || code === 'ENODATA')) {
    throw new ForetasteError('dns-error', `Expected ${name} to resolve but DNS has no address for it.`);
  }
  return systemLookup(name, clock, codes.includes('ETIMEOUT'));
}

/** What the system knows by other ways: mDNS, a directory, a stub that DNS queries cannot reach. */
async function systemLookup(name: string, clock: Clock, timedOut: boolean): Promise<Answer> {
  try {
    const found = await lookup(name, { all: true, order: 'verbatim' });
    return {
      until: clock() + SHORTEST_TTL,
      addresses: found.map(({ address }) => canonicalAddress(address)),
    };
  } catch (error) {
    throw new ForetasteError(
      timedOut ? 'dns-timeout' : 'dns-error',
      `Expected ${name} to resolve but received ${codeOf(error)}.`,
      { cause: error },
    );
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'an unknown error';

function interleave<T>(first: readonly T[], second: readonly T[]): T[] {
  const longest = Math.max(first.length, second.length);
  return Array.from({ length: longest }, (_, at) => [first[at], second[at]])
    .flat()
    .filter((value) => value !== undefined);
}

/** c-ares does not read the hosts file for queries, yet that is where a test bench puts its names. */
const HOSTS = process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';
let hosts: { readonly readAt: number; readonly changedAt: number; readonly names: Map<string, string[]> } = {
  readAt: Number.NEGATIVE_INFINITY,
  changedAt: Number.NaN,
  names: new Map(),
};

function hostsFile(): Map<string, string[]> {
  // One stat a second at most: this stands before every connection.
  const now = performance.now();
  if (now - hosts.readAt < 1000) return hosts.names;
  const changedAt = statSync(HOSTS, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const names =
    changedAt === hosts.changedAt || changedAt === 0 ? hosts.names : parseHosts(readFileSync(HOSTS, 'utf8'));
  hosts = { readAt: now, changedAt, names };
  return names;
}

/** Names of a hosts file with their addresses, in the order of its lines. */
export function parseHosts(text: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const alias of aliases) {
      const name = alias.toLowerCase();
      names.set(name, [...(names.get(name) ?? []), canonicalAddress(address)]);
    }
  }
  return names;
}
