/** The HTTP client of one identity: its connections, its TLS, its DNS answers, shared with nobody. */
import type { Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import {
  type Clock,
  ForetasteError,
  type Limits,
  type Milliseconds,
  type Profile,
  type Signal,
} from '../domain/index.ts';
import { H1Connection, type Patience } from './h1-connection.ts';
import { H2Connection } from './h2-connection.ts';
import { Pool } from './pool.ts';
import type { Route } from './route.ts';
import type { Target } from './target.ts';
import { secure } from './tls.ts';
import { type Client, givenUp } from './wire.ts';

export interface ClientOptions {
  readonly route: Route;
  readonly context: () => SecureContext;
  readonly alpn: Profile['tls']['alpn'];
  readonly h2?: Profile['h2'];
  readonly limits: Pick<Limits, 'header' | 'perHost'>;
  readonly patience: Patience;
  readonly clock: Clock;
  /** Told of each fresh connection. */
  readonly met?: (host: string, socket: Socket | TLSSocket) => void;
}

/** Methods whose requests may be sent twice when nothing came back (RFC 9110, section 9.2.2), as long as they carry nothing. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** How often connections are looked at for ones that do not move. */
const SWEEP: Milliseconds = 1_000;

/** An HTTP client with connections of its own. */
export function createClient(options: ClientOptions): Client {
  const { route, limits, patience, clock } = options;
  const pools = new Map<string, Pool>();

  const sweep = setInterval(() => {
    for (const [origin, pool] of pools) {
      pool.sweep(clock());
      if (pool.empty) pools.delete(origin);
    }
  }, SWEEP);
  sweep.unref();

  const poolOf = (origin: string): Pool => {
    const held = pools.get(origin);
    if (held !== undefined) return held;
    const pool = new Pool(limits.perHost);
    pools.set(origin, pool);
    return pool;
  };

  const dial = async (target: Target, signal: Signal): Promise<Socket | TLSSocket> => {
    const socket = await route.open(target.host, target.port, { signal, timeout: patience.connect });
    if (!target.secure) return socket;
    return secure(socket, {
      host: target.host,
      alpn: options.alpn,
      context: options.context(),
      timeout: patience.connect,
      signal,
    });
  };

  const connect = async (
    pool: Pool,
    target: Target,
    signal: Signal,
  ): Promise<H1Connection | H2Connection> => {
    const socket = await dial(target, signal);
    options.met?.(target.host, socket);
    if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2') {
      const session = new H2Connection(socket, { h2: options.h2, limits, patience });
      pool.session = session;
      return session;
    }
    const connection = new H1Connection(socket, { maxHeader: limits.header, patience, clock });
    pool.add(connection);
    return connection;
  };

  /** A fresh connection; while the protocol of an origin is not known, the first to come finds out for all. */
  const open = async (pool: Pool, target: Target, signal: Signal): Promise<H1Connection | H2Connection> => {
    if (!target.secure || !options.alpn.includes('h2')) return connect(pool, target, signal);
    if (pool.opening !== undefined) {
      await pool.opening;
      if (pool.session !== undefined) return pool.session;
    }
    const connecting = connect(pool, target, signal);
    pool.opening ??= connecting.then(
      () => undefined,
      () => {
        pool.opening = undefined;
      },
    );
    return connecting;
  };

  return {
    send(request, sink, signal) {
      const pool = poolOf(request.target.origin);
      const retry = request.content === undefined && IDEMPOTENT.has(request.method);
      const fail = (error: unknown): void => {
        pool.leave();
        sink.fail(asError(error, signal));
      };
      // A connection that turned out to be closed is followed by a fresh one, once.
      const over = (connection: H1Connection | H2Connection, attempt: number): void => {
        try {
          connection.run(request, sink, signal, retry && attempt === 0, (outcome) => {
            if (connection instanceof H1Connection) pool.put(connection, outcome === 'reusable');
            if (outcome === 'stale') begin(attempt + 1);
            else pool.leave();
          });
        } catch (error) {
          fail(error);
        }
      };
      const begin = (attempt: number): void => {
        const warm = attempt > 0 ? undefined : (pool.session ?? pool.take());
        if (warm !== undefined) over(warm, attempt);
        else open(pool, request.target, signal).then((fresh) => over(fresh, attempt), fail);
      };
      if (signal.aborted) sink.fail(givenUp(signal));
      else if (pool.enter()) begin(0);
      else
        pool.wait(signal).then(
          () => begin(0),
          (error: unknown) => sink.fail(asError(error, signal)),
        );
    },
    close() {
      clearInterval(sweep);
      for (const pool of pools.values()) pool.close();
      pools.clear();
    },
  };
}

const asError = (error: unknown, signal: Signal): ForetasteError => {
  if (error instanceof ForetasteError) return error;
  return signal.aborted
    ? givenUp(signal)
    : new ForetasteError('internal', `Sending a request failed: ${String(error)}.`, { cause: error });
};
