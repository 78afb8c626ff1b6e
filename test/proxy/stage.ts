/** A stage for proxy tests: a real origin, a guard that really fetches, and the proxy between them and raw sockets. */
import { mkdtempSync, rmSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Action,
  Attempt,
  Capture,
  Exchange,
  Finding,
  Guard,
  Judgement,
  Limits,
  Signal,
  VerdictName,
} from '../../src/domain/index.ts';
import { createFetcher } from '../../src/fetch/fetcher.ts';
import { createGate } from '../../src/fetch/gate.ts';
import { type Authority, openAuthority } from '../../src/proxy/authority.ts';
import { type ProxyOptions, type RunningProxy, startProxy } from '../../src/proxy/listener.ts';
import { aVerdict } from './verdict.ts';

export const LIMITS: Limits = {
  body: 4 * 2 ** 20,
  inflate: 16 * 2 ** 20,
  pixels: 1e7,
  header: 64 * 1024,
  perHost: 8,
};

export interface Stage {
  readonly proxy: RunningProxy;
  readonly authority: Authority;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  readonly server: Server;
  /** What the guard was asked, in order. */
  readonly exchanges: Exchange[];
  /** Signals of those, in order. */
  readonly signals: readonly Signal[];
  close(): Promise<void>;
}

export interface StageOptions extends Partial<Omit<ProxyOptions, 'guard' | 'authority' | 'gate'>> {
  readonly limits?: Partial<Limits>;
  /** What the guard says of a capture; `unverified`, passed, when absent. */
  readonly judge?: (capture: Capture) => { verdict: VerdictName; action: Action; findings: Finding[] };
  readonly upstreamCa?: readonly string[];
  /** CIDRs that may be reached; all of loopback when absent. */
  readonly allow?: readonly string[];
}

export async function openStage(answer: RequestListener, options: StageOptions = {}): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'foretaste-proxy-'));
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, answer);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    response.writeContinue();
    server.emit('request', request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  let own: Array<{ host: string; port: number }> = [];
  const gate = createGate({ allow: options.allow ?? ['127.0.0.0/8', '::1/128'], deny: [], own: () => own });
  const limits = { ...LIMITS, ...options.limits };
  const fetcher = createFetcher({
    gate,
    limits,
    spool: join(dir, 'spool'),
    upstreamCa: options.upstreamCa ?? [],
    clock: Date.now,
  });
  const exchanges: Exchange[] = [];
  const signals: Signal[] = [];
  const mode = options.mode ?? 'enforce';

  const judgementOf = (exchange: Exchange, attempt: Attempt): Judgement => {
    if (attempt.kind === 'failure') return { verdict: aVerdict(exchange), failure: attempt };
    return { verdict: aVerdict(exchange, attempt, options.judge?.(attempt)), capture: attempt };
  };
  const guard: Pick<Guard, 'judge'> = {
    judge: async (exchange, { signal }) => {
      exchanges.push(exchange);
      signals.push(signal);
      const arrival = await fetcher.own(exchange, signal);
      if (arrival.kind === 'failure') return { kind: 'judged', judgement: judgementOf(exchange, arrival) };
      if (mode === 'observe' || (await arrival.overflow)) {
        const judgement = arrival.whole.then((attempt) => judgementOf(exchange, attempt));
        return { kind: 'streaming', arrival, judgement };
      }
      return { kind: 'judged', judgement: judgementOf(exchange, await arrival.whole) };
    },
  };
  const authority = await openAuthority(join(dir, 'ca'));
  const silent = (): void => undefined;
  const proxy = await startProxy({
    listen: { host: '127.0.0.1', port: 0 },
    users: [],
    exclude: [],
    header: limits.header,
    clock: Date.now,
    log: { debug: silent, info: silent, warn: silent, error: console.error },
    ...options,
    mode,
    guard,
    authority,
    gate,
  });
  own = [{ host: proxy.host, port: proxy.port }];
  return {
    proxy,
    authority,
    origin: `http://127.0.0.1:${port}`,
    port,
    server,
    exchanges,
    signals,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await proxy.close();
      await fetcher.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Send octets to the proxy as they are, and read until it closes or `enough` says so. */
export function exchangeRaw(
  port: number,
  request: string | Buffer,
  enough: (answer: string) => boolean = () => false,
): Promise<string> {
  return readUntil(dialRaw(port, request), enough);
}

export function dialRaw(port: number, request: string | Buffer): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(request, 'latin1');
  return socket;
}

export function readUntil(socket: Socket, enough: (answer: string) => boolean): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let answer = '';
  const give = (): void => {
    socket.off('data', onData).off('close', give);
    resolve(answer);
  };
  const onData = (chunk: Buffer): void => {
    answer += chunk.toString('latin1');
    if (!enough(answer)) return;
    give();
    socket.destroy();
  };
  socket.on('data', onData).on('close', give);
  return promise;
}
