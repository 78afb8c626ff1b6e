/** The Node composition: the core with its two listeners, proxy and API. */

import { createApp } from './api/app.ts';
import { reviewerOf } from './api/auth.ts';
import type { ReadyReport } from './api/deps.ts';
import { serveApi } from './api/serve.ts';
import type { Reach } from './commands/environment.ts';
import type { Config, HostPort } from './config.ts';
import { type Core, openCore } from './core.ts';
import { createDashboard } from './dashboard/index.ts';
import type { Verdict } from './domain/index.ts';
import { recordUnread } from './guard/record.ts';
import { importUpload } from './import-upload.ts';
import { keptView } from './kept.ts';
import { previewOf } from './preview.ts';
import { startProxy } from './proxy/listener.ts';
import { authorityOf, reachOf, urlOf } from './reach.ts';
import { VERSION } from './version.ts';

export interface RunningNode {
  readonly core: Core;
  readonly proxyUrl: string;
  readonly apiUrl: string;
  /** Where crawlers reach it, and the files that make them trust it. */
  reach(): Promise<Reach>;
  /** Takes nothing new, lets what is under way finish, then closes everything. */
  close(): Promise<void>;
}

const LOOPBACK = /^(127\.|::1$|localhost$)/;

/** Start a guard: everything open, both listeners accepting. */
export async function startNode(
  config: Config,
  hooks: { onVerdict?: (verdict: Verdict) => void } = {},
): Promise<RunningNode> {
  const core = await openCore(config);
  const authority = await authorityOf(config);
  const stopListening = core.events.subscribe(({ kind, verdict }) => {
    if (kind === 'verdict') hooks.onVerdict?.(verdict);
  });
  const proxy = await startProxy({
    listen: config.proxy.listen,
    guard: core.guard,
    authority,
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
  const api = await startApi(core, urlOf(proxy));
  core.own.push(api);
  return {
    core,
    proxyUrl: urlOf(proxy),
    apiUrl: urlOf(api),
    reach: () => reachOf(config, authority, proxy),
    close: async () => {
      await proxy.close();
      await api.close();
      stopListening();
      await core.close();
    },
  };
}

/** The API and the dashboard over `core`. */
async function startApi(core: Core, proxyUrl: string): Promise<HostPort & { close(): Promise<void> }> {
  const { config, ports, store } = core;
  const app = createApp({
    verdicts: store.verdicts,
    sources: store.sources,
    bodies: ports.bodies,
    snapshots: core.snapshots,
    importSnapshots: (content, options) => importUpload(content, options, core.paths),
    guard: core.guard,
    profiles: core.rules.profiles,
    clock: ports.clock,
    newId: ports.newId,
    ready: () => readiness(core),
    version: VERSION,
    events: core.events,
    blockStatus: core.policy.blockStatus,
    bodyLimit: config.limits.body,
    metrics: core.metrics.registry,
    tokens: config.api.tokens,
    loopbackOnly: LOOPBACK.test(config.api.listen.host),
    report: (error) => core.log.error({ err: error }, 'the API failed on a request'),
    dashboard: createDashboard({
      verdicts: store.verdicts,
      sources: store.sources,
      bodies: ports.bodies,
      clock: ports.clock,
      ...keptView(core),
      preview: previewOf(ports.bodies, config.limits),
      reviewer: reviewerOf,
      proxyUrl,
    }),
  });
  return serveApi(app, { ...config.api.listen, tokens: config.api.tokens });
}

/** Ready when both listeners accept and the store answers; this is asked over the API, so that one does. */
async function readiness(core: Core): Promise<ReadyReport> {
  const stored = await core.store.healthy();
  const listeners = core.own.length === 2;
  const checks = {
    proxy: { ok: listeners, detail: listeners ? 'accepting' : 'not accepting' },
    api: { ok: true, detail: 'accepting' },
    store: { ok: stored, detail: core.store.engine },
  };
  return { ready: stored && listeners, checks };
}
