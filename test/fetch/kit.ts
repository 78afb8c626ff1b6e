/** What the fetch tests share: an origin that says exactly what it is told, and a fetcher that may reach it. */
import { mkdtempSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Arrival, Capture, Exchange, Failure, Fields, Limits, Profile } from '../../src/domain/index.ts';
import { createFetcher, type FetcherOptions, type NodeFetcher } from '../../src/fetch/fetcher.ts';
import { createGate, type Gate } from '../../src/fetch/gate.ts';
import { loadRules } from '../../src/rules/load.ts';

export const LIMITS: Limits = {
  body: 64 << 20,
  inflate: 256 << 20,
  pixels: 100_000_000,
  header: 65_536,
  perHost: 8,
};

export const loopbackGate = (): Gate =>
  createGate({ allow: ['127.0.0.0/8', '::1'], deny: [], own: () => [] });

export function fetcher(
  options: Partial<Omit<FetcherOptions, 'limits'>> & { limits?: Partial<Limits> } = {},
): NodeFetcher {
  const made = createFetcher({
    gate: loopbackGate(),
    spool: mkdtempSync(join(tmpdir(), 'foretaste-fetch-')),
    upstreamCa: [],
    clock: Date.now,
    ...options,
    limits: { ...LIMITS, ...options.limits },
  });
  onTestFinished(() => made.close());
  return made;
}

export const profile = (name: string): Profile => {
  const found = loadRules(join(import.meta.dirname, '../../rules')).profiles.find(
    (held) => held.name === name,
  );
  if (found === undefined) throw new Error(`Expected a profile ${name}.`);
  return found;
};

export const exchange = (url: string, more: Partial<Exchange> & { fields?: Fields } = {}): Exchange => ({
  id: '01JTEST',
  method: 'GET',
  url,
  source: new URL(url).hostname,
  fields: [],
  receivedAt: 0,
  ...more,
});

export const signal = (): AbortSignal => new AbortController().signal;

/** The capture of an arrival, or a failure of the test. */
export async function captureOf(given: Arrival | Failure | Promise<Arrival | Failure>): Promise<Capture> {
  const arrival = await given;
  const attempt = arrival.kind === 'arrival' ? await arrival.whole : arrival;
  if (attempt.kind === 'failure')
    throw new Error(`Expected a capture but received ${attempt.error}: ${attempt.detail}`);
  return attempt;
}

export async function failureOf(given: Promise<Arrival | Failure>): Promise<Failure> {
  const failure = await given;
  if (failure.kind !== 'failure') throw new Error(`Expected a failure but received ${failure.head.status}.`);
  return failure;
}

export const textOf = async (capture: Capture): Promise<string> =>
  Buffer.from(await capture.body.bytes()).toString();

export interface RawOrigin {
  readonly url: string;
  readonly port: number;
  /** Every request, as it came, in order. */
  readonly requests: readonly string[];
  /** Connections so far. */
  readonly connections: () => number;
}

/**
 * An origin that answers each request with what `say` gives: octets to write, or its own way with the socket.
 * A request ends with its empty line, or with `endOf` where it has content.
 */
export async function rawOrigin(
  say: (request: string, socket: Socket, count: number) => string | Buffer | undefined,
  options: { host?: string; endOf?: string } = {},
): Promise<RawOrigin> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    let held = '';
    socket.on('data', (chunk) => {
      held += chunk.toString('latin1');
      const mark = options.endOf ?? '\r\n\r\n';
      for (let end = held.indexOf(mark); end !== -1; end = held.indexOf(mark)) {
        const request = held.slice(0, end + mark.length);
        held = held.slice(end + mark.length);
        requests.push(request);
        const answer = say(request, socket, requests.length);
        if (answer !== undefined)
          socket.write(typeof answer === 'string' ? Buffer.from(answer, 'latin1') : answer);
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, options.host ?? '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { address, port } = server.address() as AddressInfo;
  return { url: `http://${address}:${port}`, port, requests, connections: () => connections };
}
