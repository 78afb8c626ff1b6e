/** robots.txt: what each site lets us fetch, and how fast. */
import robots from 'robots-parser';
import type { Client } from './client.ts';

// The package exports the function itself, its types say `{ default }`.
const parseRobots = robots as unknown as typeof robots.default;

export interface Robots {
  mayFetch(url: string, signal: AbortSignal): Promise<boolean>;
  /** Milliseconds that the host asks for between two requests; 0 where it does not say, or was not asked yet. */
  delayOf(host: string): number;
}

/** Longest pause that a robots.txt can ask for; more would park the crawl, which is what a tarpit is for. */
const LONGEST_DELAY = 60_000;

interface Answer {
  readonly mayFetch: (url: string) => boolean;
  readonly delay: number;
}

/** One fetch of robots.txt per origin; `token` is the name that its groups are looked up by. */
export function createRobots(client: Client, token: string): Robots {
  const answers = new Map<string, Promise<Answer>>();
  const delays = new Map<string, number>();

  const ask = async (origin: string, signal: AbortSignal): Promise<Answer> => {
    const url = `${origin}/robots.txt`;
    const response = await client.get(url, signal).catch(() => undefined);
    // RFC 9309, 2.3.1: 4xx allows everything; what is unreachable or withheld by the guard allows nothing.
    if (response === undefined || response.status >= 500 || isWithheld(response.verdict?.action)) {
      return { mayFetch: () => false, delay: 0 };
    }
    if (response.status !== 200) return { mayFetch: () => true, delay: 0 };
    const rules = parseRobots(url, response.body.toString('utf8'));
    return {
      mayFetch: (asked) => rules.isAllowed(asked, token) ?? true,
      delay: Math.min(LONGEST_DELAY, (rules.getCrawlDelay(token) ?? 0) * 1000),
    };
  };

  return {
    async mayFetch(url, signal) {
      const { origin, host } = new URL(url);
      const asked = answers.get(origin) ?? ask(origin, signal);
      answers.set(origin, asked);
      const answer = await asked;
      delays.set(host, answer.delay);
      return answer.mayFetch(url);
    },
    delayOf: (host) => delays.get(host) ?? 0,
  };
}

const isWithheld = (action: string | undefined): boolean => action === 'block' || action === 'quarantine';
