/** Sends requests: the crawler's own as it was sent, and the same URL as each reference identity asks for it. */

import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Browser } from 'playwright-core';
import {
  type Arrival,
  type Attempt,
  type Clock,
  CRAWLER,
  type Exchange,
  type Failure,
  type Fetcher,
  ForetasteError,
  type Identity,
  type IdentityName,
  type Limits,
  type Peer,
  type Profile,
  type Signal,
} from '../domain/index.ts';
import { createBrowserClient } from './browser.ts';
import { launchChromium } from './chromium.ts';
import { createClient } from './client.ts';
import { failureOf } from './failure.ts';
import type { Gate } from './gate.ts';
import type { Patience } from './h1-connection.ts';
import { requestAs } from './imitate.ts';
import { Intake } from './intake.ts';
import { createNames } from './names.ts';
import { peerOf } from './peer.ts';
import { ownRequest } from './request.ts';
import { routeOf } from './route.ts';
import { SpoolRoom } from './spool.ts';
import { contextOf } from './tls.ts';
import { createVantage } from './vantage.ts';
import type { Client, WireRequest } from './wire.ts';
import { countWithHeap } from './young.ts';

export interface FetcherOptions {
  readonly gate: Gate;
  readonly limits: Limits;
  /** Folder for content that does not stay in memory; made when it is missing. */
  readonly spool: string;
  /** Further roots that origins may chain to, PEM. */
  readonly upstreamCa: readonly string[];
  readonly clock: Clock;
  readonly timeouts?: Partial<Patience>;
  /** Told whom each fresh connection of the crawler's own requests leads to. */
  readonly met?: (peer: Peer) => void;
  /** Starts the browser of `browser` profiles; the Chromium on the path when absent. */
  readonly launch?: () => Promise<Browser>;
}

/** Connecting 10 s, a head 30 s, 30 s between pieces: what browsers and crawlers grant at least. */
const PATIENCE: Patience = { connect: 10_000, head: 30_000, idle: 30_000 };

/** TLS of requests that imitate nobody: whatever Node offers. */
const EITHER: Profile['tls'] = { alpn: ['h2', 'http/1.1'] };

export interface NodeFetcher extends Fetcher {
  close(): Promise<void>;
}

export function createFetcher(options: FetcherOptions): NodeFetcher {
  const { gate, limits, clock, upstreamCa } = options;
  countWithHeap();
  const patience = { ...PATIENCE, ...options.timeouts };
  const room = new SpoolRoom(options.spool);
  const clients = new Map<string, Client>();

  const clientOf = (
    route: Parameters<typeof routeOf>[0],
    { tls, h2, engine }: Pick<Profile, 'tls' | 'h2' | 'engine'>,
    more: { readonly perHost: number; readonly met?: (host: string, socket: Socket) => void } = limits,
  ): Client => {
    const names = createNames({
      clock,
      localAddress: route.via === 'localAddress' ? route.address : undefined,
    });
    // Reading the roots takes 20 ms, so it waits for the first TLS connection.
    let made: SecureContext | undefined;
    const context = (): SecureContext => {
      made ??= contextOf(tls, upstreamCa);
      return made;
    };
    const way = routeOf(route, { gate, names, context });
    switch (engine) {
      case 'http':
        return createClient({
          route: way,
          context,
          alpn: tls.alpn,
          h2,
          limits: { ...limits, perHost: more.perHost },
          patience,
          clock,
          ...(more.met && { met: more.met }),
        });
      case 'browser':
        return createBrowserClient({
          launch: options.launch ?? (() => launchChromium()),
          route: way,
          patience,
        });
      default:
        return engine satisfies never;
    }
  };

  const met = (host: string, socket: Socket): void => {
    const peer = options.met && peerOf(host, socket);
    if (peer !== undefined) options.met?.(peer);
  };
  // How much a crawler asks of a host at once is its own affair; a place that a stalled client holds must not keep others waiting.
  const unbounded = { met, perHost: Number.POSITIVE_INFINITY };
  const own = clientOf({ via: 'direct' }, { tls: { alpn: ['http/1.1'] }, engine: 'http' }, unbounded);
  const ownH2 = clientOf({ via: 'direct' }, { tls: EITHER, engine: 'http' }, unbounded);

  const identityClient = (identity: Identity): Client => {
    const held = clients.get(identity.name);
    if (held !== undefined) return held;
    const { route } = identity.perspective;
    const client =
      route.via === 'vantage'
        ? createVantage(route, clientOf({ via: 'direct' }, { tls: EITHER, engine: 'http' }), clock)
        : clientOf(route, identity.profile);
    clients.set(identity.name, client);
    return client;
  };

  const attempt = (
    client: Client,
    exchange: Exchange,
    identity: IdentityName,
    make: () => WireRequest,
    signal: Signal,
  ): Intake => {
    const intake = new Intake({
      identity,
      url: exchange.url,
      method: identity === CRAWLER ? exchange.method : 'GET',
      clock,
      room,
      limits,
      withSha512: exchange.expectedDigests?.some(({ alg }) => alg === 'sha512') ?? false,
      stopAtLimit: identity !== CRAWLER,
      interim: identity === CRAWLER ? exchange.interim : undefined,
    });
    try {
      client.send(make(), intake, signal);
    } catch (error) {
      intake.fail(
        error instanceof ForetasteError
          ? error
          : new ForetasteError('internal', String(error), { cause: error }),
      );
    }
    return intake;
  };

  return {
    own(exchange, signal): Promise<Arrival | Failure> {
      const client = exchange.httpVersion === '2' ? ownH2 : own;
      return attempt(client, exchange, CRAWLER, () => ownRequest(exchange), signal).arrival;
    },
    async as(identity, exchange, signal, visit): Promise<Attempt> {
      try {
        const client = identityClient(identity);
        return await attempt(
          client,
          exchange,
          identity.name,
          () => requestAs(identity.profile, exchange, visit),
          signal,
        ).whole;
      } catch (error) {
        if (!(error instanceof ForetasteError)) throw error;
        const now = clock();
        return failureOf(error, { identity: identity.name, url: exchange.url, startedAt: now, now });
      }
    },
    async close() {
      for (const client of [own, ownH2, ...clients.values()]) client.close();
      clients.clear();
    },
  };
}
