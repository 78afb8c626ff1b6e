/** One process of a fleet: a whole core and the proxy over it, started and drained by the primary. */
import { type Core, openCore } from './core.ts';
import type { Order, Report } from './fleet.ts';
import { listenProxy } from './listeners.ts';
import type { RunningProxy } from './proxy/listener.ts';

let core: Core | undefined;
let proxy: RunningProxy | undefined;

const report = (what: Report): void => {
  process.send?.(what);
};

async function obey(order: Order): Promise<void> {
  switch (order.kind) {
    case 'start':
      core = await openCore(order.config);
      core.events.subscribe(({ kind, verdict }) => {
        if (kind === 'verdict') report({ kind, verdict });
      });
      proxy = await listenProxy(core);
      report({ kind: 'listening', listener: { host: proxy.host, port: proxy.port } });
      return;
    case 'keep-off':
      core?.own.push(order.listener);
      return;
    case 'drain':
      await proxy?.close();
      await core?.close();
      process.disconnect();
      return;
    default:
      order satisfies never;
  }
}

// Orders are obeyed one after the other: what comes while the core opens waits for it.
let obeying: Promise<void> = Promise.resolve();
process.on('message', (order: Order) => {
  obeying = obeying
    .then(() => obey(order))
    .catch((error: unknown) => {
      report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
      process.exit(1);
    });
});

// Ctrl-C reaches the whole group; the primary says when to drain. Without a primary there is nobody to serve.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));
