/** The dashboard: server-rendered pages that read and decide without script. */
import { type Context, Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { ForetasteError } from '../domain/index.ts';
import { ASSETS } from './assets.ts';
import { datasetsPage } from './datasets-page.ts';
import { decide, decideSource, undo } from './decide.ts';
import type { DashboardDeps } from './deps.ts';
import { problemPage } from './problem-page.ts';
import { secure } from './secure.ts';
import { showQueue } from './show-queue.ts';
import { releaseNow, showRelease } from './show-release.ts';
import { showSource, showSources } from './show-sources.ts';
import { showDiff, showPicture, showVerdict } from './show-verdict.ts';

export type { DashboardDeps, Reviewer, StoredText } from './deps.ts';
export { formatFilter, parseFilter, storeQuery } from './filter.ts';

const answerTo = (error: unknown, c: Context): Response | Promise<Response> => {
  if (error instanceof HTTPException)
    return c.html(
      problemPage('This was sent by another site.', 'Open the dashboard itself and decide there.'),
      error.status,
    );
  if (error instanceof ForetasteError && error.side === 'client') {
    return c.html(
      problemPage(error.message, ''),
      error.code === 'not-found' ? 404 : error.code === 'forbidden' ? 403 : 400,
    );
  }
  throw error;
};

/** All pages, to be mounted at `/` beside the API. Errors that are not the reader's fault go to the app that mounts it. */
export function createDashboard(deps: DashboardDeps): Hono {
  const app = new Hono();
  app.use(secure);
  app.onError(answerTo);

  for (const { path, type, text } of ASSETS) {
    app.get(path, (c) =>
      c.body(text, 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=31536000, immutable' }),
    );
  }
  app.get('/', (c) => showQueue(c, deps));
  app.get('/release', (c) => showRelease(c, deps));
  app.get('/sources', (c) => showSources(c, deps));
  app.get('/sources/:host', (c) => showSource(c, deps));
  app.get('/datasets', async (c) => c.html(datasetsPage((await deps.datasets?.()) ?? [])));
  app.get('/verdicts/:id', (c) => showVerdict(c, deps));
  app.get('/verdicts/:id/unified.diff', (c) => showDiff(c, deps));
  app.get('/verdicts/:id/pictures/:file', (c) => showPicture(c, deps));

  // Forms carry no secret that another site could not guess, so a decision is taken only from our own pages.
  app.post('/decide', csrf(), (c) => decide(c, deps));
  app.post('/release', csrf(), (c) => releaseNow(c, deps));
  app.post('/verdicts/:id/undo', csrf(), (c) => undo(c, deps));
  app.post('/sources/:host/decide', csrf(), (c) => decideSource(c, deps));
  return app;
}
