/** One process of a fleet: a whole core and the proxy over it, started and drained by the primary. */
import type { Config } from './config.ts';
import { type Core, openCore } from './core.ts';
import type { Order, Report } from './fleet.ts';
import { leaveToPrimary } from './fleet-calls.ts';
import { createTeller } from './fleet-events.ts';
import { createGuard } from './guard.ts';
import { listenProxy } from './listen-proxy.ts';
import type { RunningProxy } from './proxy/listener.ts';

let core: Core | undefined;
let proxy: RunningProxy | undefined;
let heard: ReturnType<typeof leaveToPrimary>['heard'] | undefined;

const report = (what: Report): void => {
  process.send?.(what);
};
const teller = createTeller(report);

async function obey(order: Exclude<Order, { kind: 'answers' }>): Promise<void> {
  switch (order.kind) {
    case 'start':
      core = await openWorkerCore(order.config);
      proxy = await listenProxy(core);
      report({ kind: 'listening', listener: { host: proxy.host, port: proxy.port } });
      return;
    case 'keep-off':
      core?.own.push(order.listener);
      return;
    case 'moved':
      core?.store.moved(order.source);
      return;
    case 'drain':
      await proxy?.close();
      await core?.close();
      teller.flush();
      process.disconnect();
      return;
    default:
      order satisfies never;
  }
}

/**
 * A core that judges here. SQLite's writers find the end of one log in turn, so that each process appends for itself; elsewhere
 * the primary does for all, since those who do not see each other would contend for the same place.
 */
async function openWorkerCore(config: Config): Promise<Core> {
  const { limits, workers } = config;
  // Each process keeps to its share.
  const perHost = Math.ceil(limits.perHost / workers);
  const opened = await openCore({ ...config, limits: { ...limits, perHost } });
  const left = leaveToPrimary(opened.ports, report);
  heard = left.heard;
  if (config.store !== 'sqlite')
    return { ...opened, ports: left.ports, guard: createGuard(left.ports, opened.settings) };
  opened.events.subscribe(({ verdict }) => teller.tell(verdict));
  const ports = { ...left.ports, verdicts: opened.ports.verdicts };
  return { ...opened, ports, guard: createGuard(ports, opened.settings) };
}

// Orders are obeyed one after the other: what comes while the core opens waits for it.
let obeying: Promise<void> = Promise.resolve();
process.on('message', (order: Order) => {
  // A drain waits for answers, so they do not wait for it.
  if (order.kind === 'answers') return heard?.(order);
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
