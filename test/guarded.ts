/** A hostile web with a whole guard before it, and a crawler to ask: everything real, on loopback. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { ProxyAgent, request } from 'undici';
import { stringify } from 'yaml';
import { loadConfig } from '../src/config.ts';
import type { Verdict } from '../src/domain/index.ts';
import { type RunningNode, startNode } from '../src/node.ts';
import { type Origin, type Sites, startOrigin } from './origin/server.ts';

export interface Answered {
  readonly status: number;
  readonly fields: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Absent where the answer names none: a refusal before there was an exchange. */
  readonly verdict?: Verdict;
}

export interface Asking {
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
  readonly method?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

export interface Guarded {
  readonly origin: Origin;
  readonly node: RunningNode;
  readonly folder: string;
  /** Ask for a path, or a whole URL, as the crawler would; waits for the verdict, in observe mode too. */
  ask(target: string, asking?: Asking): Promise<Answered>;
  close(): Promise<void>;
}

/** The name under which the crawlers of tests go. */
export const CRAWLER_AGENT = 'Mozilla/5.0 (compatible; ExampleBot/1.0; +https://example.org/bot)';

/** A verdict that does not come is a failure of the guard, and not of the test's patience. */
const LONGEST_WAIT = 15_000;

/** Every exchange is audited, and one reference leaves from an address of its own. */
const BENCH = {
  proxy: { listen: '127.0.0.1:0' },
  api: { listen: '127.0.0.1:0' },
  destinations: { allow: ['127.0.0.0/8'] },
  perspectives: [{ name: 'second', localAddress: '127.0.0.2', group: 'lab' }],
  audit: { rate: 1 },
};

export async function startGuarded(
  sites: Sites,
  settings: { readonly [key: string]: unknown } = {},
  prepare: (folder: string, origin: Origin) => Promise<void> = async () => undefined,
): Promise<Guarded> {
  const folder = await mkdtemp(join(tmpdir(), 'foretaste-guarded-'));
  const origin = await startOrigin(sites);
  const ca = join(folder, 'origin.pem');
  await writeFile(ca, origin.ca);
  const data = join(folder, 'data');
  const file = join(folder, 'foretaste.yaml');
  await writeFile(file, stringify({ ...BENCH, data, upstream: { ca: [ca] }, ...settings }));
  await prepare(folder, origin);

  const verdicts = new Map<string, PromiseWithResolvers<Verdict>>();
  const verdictOf = (id: string): PromiseWithResolvers<Verdict> => {
    const known = verdicts.get(id) ?? Promise.withResolvers<Verdict>();
    verdicts.set(id, known);
    return known;
  };
  const node = await startNode(loadConfig({ config: file }), {
    onVerdict: (verdict) => verdictOf(verdict.id).resolve(verdict),
  });
  const { proxy, root } = await node.reach();
  const agent = new ProxyAgent({
    uri: proxy,
    requestTls: { ca: [...rootCertificates, await readFile(root, 'utf8')] },
  });

  return {
    origin,
    node,
    folder,
    async ask(target, { scheme = 'http', host, method = 'GET', fields = {} } = {}) {
      const url = URL.canParse(target) ? target : origin.urls[scheme](host) + target;
      const response = await request(url, {
        dispatcher: agent,
        method: method as 'GET',
        headers: { 'user-agent': CRAWLER_AGENT, accept: '*/*', ...fields },
      });
      const body = Buffer.from(await response.body.arrayBuffer());
      const id = /;id="([^"]+)"/.exec(String(response.headers['foretaste-verdict'] ?? ''))?.[1];
      const answered = { status: response.statusCode, fields: response.headers, body };
      return id === undefined ? answered : { ...answered, verdict: await within(verdictOf(id).promise, id) };
    },
    async close() {
      await agent.close();
      await node.close();
      await origin.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function within(verdict: Promise<Verdict>, id: string): Promise<Verdict> {
  const late = AbortSignal.timeout(LONGEST_WAIT);
  return Promise.race([
    verdict,
    new Promise<never>((_, reject) => {
      late.addEventListener('abort', () => reject(new Error(`Expected a verdict ${id} but none came.`)));
    }),
  ]);
}
