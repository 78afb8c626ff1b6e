/** The proxy and the fetcher alone: digests are taken, nothing is judged or recorded. What remains of the whole is the pipeline. Its own process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt, Exchange, Guard, Judgement } from '../../../src/domain/index.ts';
import { createFetcher } from '../../../src/fetch/fetcher.ts';
import { createGate } from '../../../src/fetch/gate.ts';
import { openAuthority } from '../../../src/proxy/authority.ts';
import { startProxy } from '../../../src/proxy/listener.ts';
import { aVerdict } from '../../proxy/verdict.ts';

const [dir = '', ca = ''] = process.argv.slice(2);
const gate = createGate({ allow: ['127.0.0.0/8'], deny: [], own: () => [] });
const fetcher = createFetcher({
  gate,
  limits: { body: 64 * 2 ** 20, inflate: 256 * 2 ** 20, pixels: 1e8, header: 65_536, perHost: 64 },
  spool: join(dir, 'forward-spool'),
  upstreamCa: [readFileSync(ca, 'utf8')],
  clock: Date.now,
});

const judgementOf = (exchange: Exchange, attempt: Attempt): Judgement =>
  attempt.kind === 'failure'
    ? { verdict: aVerdict(exchange), failure: attempt }
    : { verdict: aVerdict(exchange, attempt), capture: attempt };

const guard: Pick<Guard, 'judge'> = {
  judge: async (exchange, { signal }) => {
    const arrival = await fetcher.own(exchange, signal);
    if (arrival.kind === 'failure') return { kind: 'judged', judgement: judgementOf(exchange, arrival) };
    const judgement = arrival.whole.then((attempt) => judgementOf(exchange, attempt));
    if (await arrival.overflow) return { kind: 'streaming', arrival, judgement };
    return { kind: 'judged', judgement: await judgement };
  },
};
const silent = (): void => undefined;
const { port } = await startProxy({
  listen: { host: '127.0.0.1', port: 0 },
  mode: 'enforce',
  guard,
  authority: await openAuthority(join(dir, 'forward-ca')),
  gate,
  users: [],
  exclude: [],
  header: 65_536,
  clock: Date.now,
  log: { debug: silent, info: silent, warn: silent, error: console.error },
});
process.stdout.write(`proxy listening on http://127.0.0.1:${port}\n`);
