/** The Node composition: the core with its two listeners, proxy and API. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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
import { dataPaths } from './paths.ts';
import { previewOf } from './preview.ts';
import { type Authority, openAuthority } from './proxy/authority.ts';
import { startProxy } from './proxy/listener.ts';

export interface RunningNode {
  readonly core: Core;
  readonly proxyUrl: string;
  readonly apiUrl: string;
  /** Where crawlers reach it, and the files that make them trust it. */
  reach(): Promise<Reach>;
  /** Takes nothing new, lets what is under way finish, then closes everything. */
  close(): Promise<void>;
}

export const VERSION = (
  JSON.parse(readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8')) as {
    version: string;
  }
).version;

const LOOPBACK = /^(127\.|::1$|localhost$)/;

/** Start a guard: everything open, both listeners accepting. */
export async function startNode(
  config: Config,
  hooks: { onVerdict?: (verdict: Verdict) => void } = {},
): Promise<RunningNode> {
  const core = await openCore(config);
  const authority = await openAuthority(core.paths.authority);
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

const urlOf = ({ host, port }: HostPort): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** How crawlers reach a guard that listens at `listen`. The first proxy user's credentials stand in the URL. */
export async function reachOf(config: Config, authority: Authority, listen: HostPort): Promise<Reach> {
  const url = new URL(urlOf(listen));
  const [user] = config.proxy.users;
  if (user !== undefined) {
    url.username = encodeURIComponent(user.name);
    url.password = encodeURIComponent(user.password);
  }
  return { proxy: url.href.replace(/\/$/, ''), root: authority.rootPath, bundle: await authority.bundle() };
}

/** The authority of a configuration's data folder, made on first use. */
export const openAuthorityOf = (config: Config): Promise<Authority> =>
  openAuthority(dataPaths(config).authority);
