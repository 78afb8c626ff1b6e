/** One request, from the moment it is read to its answer: who asks, for what, and who answers it. */
import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { ForetasteError } from '../domain/error.ts';
import type { Guard } from '../domain/ports.ts';
import type { Clock } from '../domain/units.ts';
import type { Authority } from './authority.ts';
import { CHALLENGE } from './basic-auth.ts';
import { type DeliverOptions, deliver } from './deliver.ts';
import { exchangeOf } from './exchange.ts';
import type { ProxyLogger } from './logger.ts';
import { answerOptions, countForward } from './max-forwards.ts';
import type { Inbound } from './message.ts';
import { answerPage, PAGE_HOST } from './page.ts';
import { answerProblem, problemOfError } from './problem.ts';
import { connectAuthority } from './target.ts';
import { type UpgradeOptions, upgrade, upgradeOf } from './upgrade.ts';

export interface ServeOptions extends DeliverOptions {
  readonly guard: Pick<Guard, 'judge'>;
  readonly authority: Pick<Authority, 'rootPem' | 'rootDer'>;
  readonly authenticated: (fields: Inbound['head']['fields']) => boolean;
  readonly upgrades: UpgradeOptions;
  readonly clock: Clock;
  readonly log: ProxyLogger;
  /** `127.0.0.1:8080`, for the page. */
  readonly proxy: () => string;
  /** Takes a connection over after CONNECT. */
  readonly tunnel: (inbound: Inbound, to: { host: string; port: number }) => void;
}

/** Serve one request. Never rejects: what goes wrong is an answer, or a connection that breaks off. */
export function createServe(options: ServeOptions): (inbound: Inbound) => Promise<void> {
  // Ids of one millisecond count up: the order of verdicts is the order of requests.
  const nextId = monotonicFactory(pooledChance());
  return (inbound) =>
    answer(inbound, options, nextId).catch((error: unknown) => answerError(inbound, error, options.log));
}

function answerError({ head, responder, signal }: Inbound, error: unknown, log: ProxyLogger): void {
  if (signal.aborted || responder.begun) {
    log.debug({ target: head.target, error: messageOf(error) }, 'answer cut');
    responder.cut();
    return;
  }
  const problem = problemOfError(error);
  if (problem.status === 500) log.error({ target: head.target, err: error }, 'exchange failed');
  try {
    answerProblem(responder, problem, { withContent: head.method !== 'HEAD' });
  } catch {
    // An HTTP/2 stream can end between the look and the answer.
    responder.cut();
  }
}

async function answer(
  inbound: Inbound,
  options: ServeOptions,
  nextId: (now: number) => string,
): Promise<void> {
  const { head, tunnel, responder, signal } = inbound;
  const { guard, authority, clock } = options;
  // Inside a tunnel the CONNECT has been authenticated; clients send no credentials there.
  if (tunnel === undefined && !options.authenticated(head.fields)) {
    const problem = {
      status: 407,
      detail: 'Expected the name and password of a proxy user.',
      fields: CHALLENGE,
    };
    return answerProblem(responder, problem, { withContent: head.method !== 'HEAD' });
  }
  if (head.method === 'CONNECT') {
    if (tunnel !== undefined) throw new ForetasteError('bad-request', 'Expected no CONNECT inside a tunnel.');
    return options.tunnel(inbound, connectAuthority(head.target));
  }
  if (head.method === 'OPTIONS' && head.target === '*' && tunnel === undefined)
    return answerOptions(responder);
  const now = clock();
  const asked = exchangeOf(inbound, nextId(now), now);
  const { fields, answered } = countForward(head, asked.fields, responder);
  if (answered) return;
  const exchange = fields === asked.fields ? asked : { ...asked, fields };
  if (exchange.source === PAGE_HOST) {
    return answerPage(
      head,
      exchange.url.slice(exchange.url.indexOf('/', 8)),
      responder,
      authority,
      options.proxy(),
    );
  }
  const wanted = upgradeOf(head);
  if (wanted !== undefined && (await upgrade(exchange, wanted, responder, signal, options.upgrades))) return;
  await deliver(await guard.judge(exchange, { stream: true, signal }), exchange, responder, options);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Uniform draws from [0, 1), in steps of 1/256, of a cryptographic source that is asked once in 4,096 draws: an id takes 16. */
function pooledChance(): () => number {
  const pool = Buffer.alloc(4096);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    const octet = pool.readUInt8(at);
    at += 1;
    return octet / 256;
  };
}
