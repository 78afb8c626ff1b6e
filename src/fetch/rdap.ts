/** Ask a registry when a domain was registered: RDAP (RFC 9082, RFC 9083), its server found as IANA lists it (RFC 9224). */
import {
  type Attempt,
  type Bytes,
  type Clock,
  type Exchange,
  type Fetcher,
  field,
  type Milliseconds,
  type Timestamp,
  timestamp,
} from '../domain/index.ts';

/** Where IANA says which registry answers for which top-level domain. */
export const IANA_BOOTSTRAP = 'https://data.iana.org/rdap/dns.json';

/** `silent`: asked, and there is no date to be had. `unknown`: could not be asked, or made no sense; `after` says how long to wait. */
export type RdapAnswer =
  | { readonly kind: 'registered'; readonly at: Timestamp }
  | { readonly kind: 'silent' }
  | { readonly kind: 'unknown'; readonly after?: Milliseconds };

export interface Rdap {
  /** Never throws: what a registry does is an answer, or unknown. */
  ask(domain: string, signal: AbortSignal): Promise<RdapAnswer>;
}

/** IANA's list changes a few times a month. */
const BOOTSTRAP_FOR: Milliseconds = 24 * 3_600_000;
const PATIENCE: Milliseconds = 10_000;
const MOST_REDIRECTS = 3;
/** IANA's list has 50 KB, an answer some ten. */
const LONGEST_ANSWER: Bytes = 2 << 20;
/** Symbolics.com, the first .com, is of 15 March 1985. */
const FIRST_DOMAIN = Date.parse('1985-01-01T00:00:00Z');

export function createRdap({
  fetcher,
  clock,
  bootstrap = IANA_BOOTSTRAP,
}: {
  fetcher: Pick<Fetcher, 'own'>;
  clock: Clock;
  bootstrap?: string;
}): Rdap {
  let services: { until: Milliseconds; list: readonly Service[] } | undefined;

  const get = async (url: string, signal: AbortSignal, redirects = MOST_REDIRECTS): Promise<Got> => {
    const attempt = await fetchWhole(fetcher, exchangeFor(url, clock), signal);
    if (attempt.kind === 'failure') return { status: 0, json: undefined };
    try {
      const { status, fields, body, truncated } = attempt;
      const location = field(fields, 'location');
      const next = location === undefined ? null : URL.parse(location, url);
      if (status >= 300 && status < 400 && next !== null)
        return redirects > 0 ? await get(next.href, signal, redirects - 1) : { status: 0, json: undefined };
      const json = truncated || body.size > LONGEST_ANSWER ? undefined : parsed(await body.decoded());
      return { status, json, after: retryAfter(field(fields, 'retry-after')) };
    } catch {
      return { status: 0, json: undefined };
    } finally {
      await attempt.body.release();
    }
  };

  const servers = async (signal: AbortSignal): Promise<readonly Service[] | undefined> => {
    if (services !== undefined && clock() < services.until) return services.list;
    const list = servicesOf((await get(bootstrap, signal)).json);
    if (list !== undefined) services = { until: clock() + BOOTSTRAP_FOR, list };
    return list ?? services?.list;
  };

  return {
    async ask(domain, given) {
      const signal = AbortSignal.any([given, AbortSignal.timeout(PATIENCE)]);
      const list = await servers(signal);
      if (list === undefined) return { kind: 'unknown' };
      const base = serverFor(domain, list);
      if (base === undefined) return { kind: 'silent' };
      const { status, json, after } = await get(new URL(`domain/${domain}`, base).href, signal);
      if (status === 404) return { kind: 'silent' };
      if (status !== 200) return { kind: 'unknown', ...(after === undefined ? {} : { after }) };
      return registrationIn(json, domain, clock());
    },
  };
}

interface Got {
  /** 0 where no answer came. */
  readonly status: number;
  readonly json: unknown;
  readonly after?: Milliseconds | undefined;
}

const exchangeFor = (url: string, clock: Clock): Exchange => ({
  id: 'rdap',
  method: 'GET',
  url,
  source: new URL(url).hostname,
  fields: [
    ['Host', ''],
    ['User-Agent', 'foretaste'],
    ['Accept', 'application/rdap+json, application/json'],
  ],
  receivedAt: clock(),
});

async function fetchWhole(
  fetcher: Pick<Fetcher, 'own'>,
  exchange: Exchange,
  signal: AbortSignal,
): Promise<Attempt> {
  const tooLong = new AbortController();
  const arrival = await fetcher.own(exchange, AbortSignal.any([signal, tooLong.signal]));
  if (arrival.kind === 'failure') return arrival;
  if (await arrival.overflow) tooLong.abort();
  return arrival.whole;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Seconds only: a date in the field is rare, and the pause without it is long enough. */
const retryAfter = (value: string | undefined): Milliseconds | undefined =>
  value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) * 1000 : undefined;

interface Service {
  readonly suffixes: readonly string[];
  readonly base: string;
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

/** The entries of IANA's list; undefined where it is none. */
function servicesOf(json: unknown): Service[] | undefined {
  const { services } = (json ?? {}) as { services?: unknown };
  if (!Array.isArray(services)) return undefined;
  return services.flatMap((entry: unknown) => {
    const [suffixes, urls] = Array.isArray(entry) ? entry : [];
    const bases = strings(urls).filter((url) => /^https?:/.test(URL.parse(url)?.protocol ?? ''));
    // RFC 9224, section 3: https is to be preferred.
    const base = bases.find((url) => url.startsWith('https:')) ?? bases[0];
    const names = strings(suffixes).map((suffix) => suffix.toLowerCase());
    return base === undefined ? [] : [{ suffixes: names, base: base.endsWith('/') ? base : `${base}/` }];
  });
}

/** The server of the longest suffix that the list has (RFC 9224, section 4). */
function serverFor(domain: string, services: readonly Service[]): string | undefined {
  const labels = domain.split('.');
  for (let from = 1; from < labels.length; from += 1) {
    const suffix = labels.slice(from).join('.');
    const service = services.find(({ suffixes }) => suffixes.includes(suffix));
    if (service !== undefined) return service.base;
  }
  return undefined;
}

/** The newest registration among the events of a domain object (RFC 9083, sections 4.5, 5.3 and 10.2.3). */
export function registrationIn(json: unknown, domain: string, now: Milliseconds): RdapAnswer {
  const { objectClassName, ldhName, events } = (json ?? {}) as Record<string, unknown>;
  const named = typeof ldhName === 'string' ? ldhName.replace(/\.$/, '').toLowerCase() : undefined;
  if (objectClassName !== 'domain' || named !== domain) return { kind: 'unknown' };
  const dates = (Array.isArray(events) ? events : [])
    .filter((event: unknown): event is Record<string, unknown> => typeof event === 'object' && event !== null)
    .filter(({ eventAction }) => eventAction === 'registration' || eventAction === 'reregistration')
    .map(({ eventDate }) => (typeof eventDate === 'string' ? Date.parse(eventDate) : Number.NaN))
    .filter((date) => date >= FIRST_DOMAIN && date <= now);
  return dates.length === 0 ? { kind: 'silent' } : { kind: 'registered', at: timestamp(Math.max(...dates)) };
}
