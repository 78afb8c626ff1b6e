/** Two byte streams joined, unread: excluded hosts and upgraded connections. */
import type { Duplex } from 'node:stream';
import type { Milliseconds } from '../domain/units.ts';
import type { Connection, Connections } from './connections.ts';

/** Carry octets both ways until one side breaks or both have ended. Resolves when both are closed. */
export function joinStreams(client: Duplex, origin: Duplex, connections: Connections): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let open = 2;
  const destroy = (): void => {
    client.destroy();
    origin.destroy();
  };
  const connection: Connection = {
    deadline: Number.POSITIVE_INFINITY satisfies Milliseconds,
    expire: destroy,
    // What is inside is not read, so that nobody knows when it is at rest; it may use up the patience of the drain.
    drain: () => undefined,
    destroy,
  };
  connections.add(connection);
  const onClose = (): void => {
    open -= 1;
    destroy();
    if (open > 0) return;
    connections.remove(connection);
    resolve();
  };
  for (const [from, to] of [
    [client, origin],
    [origin, client],
  ] as const) {
    from.on('error', destroy);
    // Closed without an end is broken; closed after both ends is the usual way.
    if (from.destroyed) queueMicrotask(onClose);
    else from.once('close', onClose);
    from.pipe(to);
  }
  return promise;
}
