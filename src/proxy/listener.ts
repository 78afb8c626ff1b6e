/** The proxy's listener: accepts clients, opens tunnels, and ends in order. */
import { createServer, isIPv4 } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { ulid } from 'ulid';
import { VERDICT_FIELD, verdictField, verdictFields } from '../api/fields.ts';
import { ForetasteError } from '../domain/error.ts';
import type { Exchange, Fields } from '../domain/exchange.ts';
import type { Guard } from '../domain/ports.ts';
import type { Bytes, Clock } from '../domain/units.ts';
import type { Verdict } from '../domain/verdict.ts';
import { matchHost } from '../fetch/address.ts';
import type { Gate } from '../fetch/gate.ts';
import { contextOf } from '../fetch/tls.ts';
import type { Authority } from './authority.ts';
import { createProxyAuthentication, type ProxyUser } from './basic-auth.ts';
import { createConnections, PATIENCE } from './connections.ts';
import type { Http1Options } from './http1.ts';
import { acceptClient, acceptTunnel } from './intercept.ts';
import type { ProxyLogger } from './logger.ts';
import { createServe } from './serve.ts';
import { joinStreams } from './tunnel.ts';

/** Clients at once. Each costs about 40 KB when idle (measured: npm run bench -- proxy), so that memory ends before this does not. */
const MOST_CLIENTS = 10_000;

export type Unread = Pick<Exchange, 'id' | 'url' | 'source' | 'receivedAt'>;

export interface ProxyOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly mode: 'enforce' | 'observe';
  readonly guard: Pick<Guard, 'judge'>;
  readonly authority: Authority;
  /** Opens the connections of excluded tunnels and upgrades. */
  readonly gate: Gate;
  readonly users: readonly ProxyUser[];
  /** Host patterns to tunnel unread. */
  readonly exclude: readonly string[];
  /** Most octets of a request head. */
  readonly header: Bytes;
  readonly clock: Clock;
  readonly log: ProxyLogger;
  /** Status in place of withheld content, from policy; 410 when absent. */
  readonly blockStatus?: number;
  /** PEM of further roots that origins of upgrades may chain to. */
  readonly upstreamCa?: readonly string[];
  /** Makes a verdict `unverified` durable for what is carried unread: upgrades and excluded tunnels. Without it none is recorded. */
  readonly recordTunnel?: (unread: Unread) => Promise<Verdict>;
}

export interface RunningProxy {
  readonly host: string;
  readonly port: number;
  /** Take no new clients, finish what has begun, within the patience of a drain. */
  close(): Promise<void>;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

/**
 * Listen. Throws ForetasteError `config` for an open proxy: an address beyond loopback needs users.
 */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { listen, authority, gate, clock, log, header } = options;
  if (options.users.length === 0 && !isLoopback(listen.host)) {
    throw new ForetasteError(
      'config',
      `Expected proxy.users, or a loopback address in proxy.listen, but received ${listen.host} without users: that would be an open proxy.`,
      { where: 'proxy.users' },
    );
  }
  const connections = createConnections(clock);
  // Reading the roots takes 20 ms, so it waits for the first upgrade over TLS.
  let made: SecureContext | undefined;
  const trust = (): SecureContext => {
    made ??= contextOf({}, options.upstreamCa ?? []);
    return made;
  };
  const excluded = options.exclude.map(matchHost);
  const record = async (unread: Unread): Promise<Fields> =>
    options.recordTunnel === undefined
      ? [
          [
            VERDICT_FIELD,
            verdictField({ verdict: 'unverified', action: 'pass', id: unread.id, quorum: '0/0' }),
          ],
        ]
      : verdictFields(await options.recordTunnel(unread));
  let bound = { host: listen.host, port: listen.port };

  const serve = createServe({
    ...options,
    blockStatus: options.blockStatus ?? 410,
    authenticated: createProxyAuthentication(options.users),
    upgrades: { gate, connections, header, record, trust },
    proxy: () => `${bound.host.includes(':') ? `[${bound.host}]` : bound.host}:${bound.port}`,
    tunnel: (inbound, to) => {
      const client = inbound.responder.detach({
        status: 200,
        reason: 'Connection established',
        fields: [],
        content: 'none',
      });
      if (client === undefined) return;
      if (!excluded.some((matches) => matches(to.host))) {
        return acceptTunnel(client, to, { ...http, authority, log });
      }
      void carry(client, to).catch((error: unknown) => {
        log.info(
          { ...to, error: error instanceof Error ? error.message : String(error) },
          'excluded tunnel failed',
        );
        client.destroy();
      });
    },
  });
  const http: Http1Options = { tunnel: undefined, connections, header, serve };

  /** An excluded tunnel: recorded, then joined to where it leads. */
  const carry = async (client: Duplex, { host, port }: { host: string; port: number }): Promise<void> => {
    client.on('error', () => undefined);
    const origin = await gate.connect(host, port);
    await record({
      id: ulid(clock()),
      url: `https://${host.includes(':') ? `[${host}]` : host}${port === 443 ? '' : `:${port}`}/`,
      source: host,
      receivedAt: clock(),
    });
    await joinStreams(client, origin, connections);
  };

  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) => {
    acceptClient(socket, http);
  });
  server.maxConnections = MOST_CLIENTS;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(listen.port, listen.host, 1024, resolve);
  await promise.catch((error: unknown) => {
    throw new ForetasteError(
      'config',
      `Expected ${listen.host}:${listen.port} to be free for the proxy: ${String(error)}.`,
      {
        where: 'proxy.listen',
        cause: error,
      },
    );
  });
  const address = server.address();
  if (typeof address === 'object' && address !== null) bound = { host: address.address, port: address.port };
  return {
    ...bound,
    close: async () => {
      server.close();
      await connections.drain(PATIENCE.drain);
    },
  };
}
