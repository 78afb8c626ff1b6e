/** The API and the dashboard over a core. */
import { createApp } from './api/app.ts';
import { reviewerOf } from './api/auth.ts';
import type { ReadyReport } from './api/deps.ts';
import { type ServedApi, serveApi } from './api/serve.ts';
import type { Core } from './core.ts';
import { createDashboard } from './dashboard/index.ts';
import { releaseDesk } from './guard/release.ts';
import { heatmapOfCapture, heatmapOfVerdict } from './heatmap.ts';
import { importUpload } from './import-upload.ts';
import { keptCapture, keptView } from './kept.ts';
import { previewOf } from './preview.ts';
import { VERSION } from './version.ts';

const LOOPBACK = /^(127\.|::1$|localhost$)/;

/** The API and the dashboard of `core`, whose crawlers connect to `proxyUrl`. */
export async function listenApi(core: Core, proxyUrl: string): Promise<ServedApi> {
  const { config, ports, store } = core;
  const releases = releaseDesk({ ...core, captureOf: keptCapture(core) }, core.rules.release);
  const app = createApp({
    verdicts: store.verdicts,
    sources: store.sources,
    bodies: ports.bodies,
    snapshots: core.snapshots,
    importSnapshots: (content, options) => importUpload(content, options, core.paths),
    guard: core.guard,
    heatmap: heatmapOfVerdict(core),
    releases,
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
      events: core.events,
      clock: ports.clock,
      ...keptView(core),
      preview: previewOf(ports.bodies, config.limits),
      heatmap: heatmapOfCapture(core),
      reviewer: reviewerOf,
      datasets: () => core.snapshots.datasets(),
      releases,
      proxyUrl,
    }),
  });
  const api = await serveApi(app, { ...config.api.listen, tokens: config.api.tokens });
  core.own.push(api);
  return api;
}

/** Ready when both listeners accept and the store answers; this is asked over the API, so that one does. */
async function readiness(core: Core): Promise<ReadyReport> {
  const stored = await core.store.healthy();
  const listeners = core.own.length === 2;
  const judges = core.config.screen.image
    ? await core.pool.screenState()
    : { ok: true, detail: 'switched off' };
  const checks = {
    proxy: { ok: listeners, detail: listeners ? 'accepting' : 'not accepting' },
    api: { ok: true, detail: 'accepting' },
    store: { ok: stored, detail: core.store.engine },
    // Without it the guard sees less, and says so, but it guards.
    pictures: judges,
  };
  return { ready: stored && listeners, checks };
}
