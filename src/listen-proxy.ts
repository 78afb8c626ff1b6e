/** The proxy over a core; what a worker loads, without the API beside it. */
import type { Core } from './core.ts';
import { recordUnread } from './guard/record.ts';
import { type RunningProxy, startProxy } from './proxy/listener.ts';
import { authorityOf } from './reach.ts';

/** The proxy of `core`; from here on nothing reaches it through itself. */
export async function listenProxy(core: Core): Promise<RunningProxy> {
  const { config } = core;
  const proxy = await startProxy({
    listen: config.proxy.listen,
    guard: core.guard,
    authority: await authorityOf(config),
    gate: core.gate,
    users: config.proxy.users,
    exclude: config.intercept.exclude,
    header: config.limits.header,
    blockStatus: core.policy.blockStatus,
    upstreamCa: core.upstreamCa,
    recordTunnel: (unread) => recordUnread(unread, core.ports, core.rules.digest),
    mode: config.mode,
    clock: core.ports.clock,
    log: core.log,
  });
  core.own.push(proxy);
  return proxy;
}
