/** One URL to its end: redirects followed, what may pass retried, what is final taken as final. */
import { type Client, fieldOf, type Response } from './client.ts';
import { isWithheld } from './row.ts';

export interface VisitOptions {
  /** Further tries after a failure that may pass. */
  readonly retries: number;
  /** Milliseconds before the first further try; doubled for each one after it. */
  readonly backoff: number;
  readonly maxRedirects: number;
  readonly mayFetch: (url: string) => Promise<boolean>;
  readonly sleep: (ms: number, wake: AbortSignal) => Promise<void>;
}

/** Statuses that may pass. The guard's own refusals (410) are none of them. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
/** A server may ask for more patience than a crawl has. */
const LONGEST_PAUSE = 60_000;

/** Every response on the way, the last one last. Throws where none came or robots.txt forbids one. */
export async function visit(
  client: Client,
  url: string,
  options: VisitOptions,
  signal: AbortSignal,
): Promise<Response[]> {
  const hops: Response[] = [];
  let next: string | undefined = url;
  while (next !== undefined) {
    if (hops.length > options.maxRedirects) throw new Error(`more than ${options.maxRedirects} redirects`);
    if (!(await options.mayFetch(next))) throw new Error(`robots.txt does not allow ${next}`);
    const response = await insist(client, next, options, signal);
    hops.push(response);
    next = isWithheld(response) ? undefined : targetOf(response);
  }
  return hops;
}

function targetOf({ status, fields, url }: Response): string | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const location = fieldOf(fields, 'location');
  const target = URL.canParse(location, url) ? new URL(location, url) : undefined;
  return target !== undefined && /^https?:$/.test(target.protocol) ? target.href : undefined;
}

async function insist(
  client: Client,
  url: string,
  options: VisitOptions,
  signal: AbortSignal,
): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const last = attempt === options.retries;
    const answer = await client.get(url, signal).catch((error: unknown) => {
      if (last || signal.aborted) throw error;
      return undefined;
    });
    if (answer !== undefined && (last || isWithheld(answer) || !PASSING.has(answer.status))) return answer;
    const asked = Number(answer ? fieldOf(answer.fields, 'retry-after') : 0) * 1000 || 0;
    await options.sleep(Math.min(LONGEST_PAUSE, Math.max(asked, options.backoff * 2 ** attempt)), signal);
  }
}
