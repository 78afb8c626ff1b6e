/** Open connections of a listener: which are late, and how all of them come to an end. */
import type { Clock, Milliseconds } from '../domain/units.ts';

/** The patience of the listener. A crawler that needs more than this has gone, or wants to keep others out (slowloris). */
export const PATIENCE = {
  /** From the first octet of a request head to its end, and from an opened tunnel to its first octet. nginx waits 60 s; heads of crawlers come in one packet. */
  head: 15_000,
  /** Between two octets of request content. */
  content: 30_000,
  /** An idle connection is kept for the next request. Longer than the 60 s after which common clients close theirs. */
  idle: 65_000,
  /** A client that takes nothing of its answer. */
  stalled: 120_000,
  /** A TLS handshake. */
  handshake: 10_000,
  /** After our last octet, until the client has closed too: an earlier close could take that octet back (RFC 9112, section 9.6). */
  linger: 2_000,
  /** A client that closed its sending side either is gone or waits for its answer; nobody can tell which. */
  halfClosed: 1_000,
  /** At the end, exchanges that have begun may finish. */
  drain: 10_000,
} as const satisfies Record<string, Milliseconds>;

/** Deadlines are looked at twice a second: one timer for all connections, none per request. */
const SWEEP: Milliseconds = 500;

export interface Connection {
  /** When `expire` is due; infinity for never. */
  readonly deadline: Milliseconds;
  expire(): void;
  /** End now if idle, else after the present exchange. */
  drain(): void;
  destroy(): void;
}

export interface Connections {
  readonly clock: Clock;
  readonly draining: boolean;
  readonly size: number;
  add(connection: Connection): void;
  remove(connection: Connection): void;
  /** Resolves when none is left; those that have not finished in time are destroyed. */
  drain(patience: Milliseconds): Promise<void>;
}

export function createConnections(clock: Clock): Connections {
  const open = new Set<Connection>();
  let draining = false;
  let emptied: (() => void) | undefined;
  const sweeper = setInterval(() => {
    const now = clock();
    for (const connection of open) if (connection.deadline <= now) connection.expire();
  }, SWEEP);
  sweeper.unref();
  return {
    clock,
    get draining() {
      return draining;
    },
    get size() {
      return open.size;
    },
    add: (connection) => {
      open.add(connection);
    },
    remove: (connection) => {
      open.delete(connection);
      // A connection that changes its protocol is removed and added again in one go.
      if (emptied !== undefined) setImmediate(() => open.size === 0 && emptied?.());
    },
    drain: async (patience) => {
      draining = true;
      for (const connection of [...open]) connection.drain();
      if (open.size > 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        emptied = resolve;
        const timer = setTimeout(() => {
          for (const connection of [...open]) connection.destroy();
        }, patience);
        await promise;
        clearTimeout(timer);
      }
      clearInterval(sweeper);
    },
  };
}
