/** The API: every call of the contract, its OpenAPI description, and the dashboard beside it. */

import type { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { ForetasteError } from '../domain/error.ts';
import { type ApiEnv, authenticate } from './auth.ts';
import type { ApiDeps } from './deps.ts';
import { problemOf, problemResponse } from './problem.ts';
import { createRoutes } from './route.ts';
import { docsRoutes } from './routes/docs.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/export.ts';
import { healthRoutes } from './routes/health.ts';
import { judgeRoutes } from './routes/judge.ts';
import { releaseRoutes } from './routes/releases.ts';
import { reviewRoutes } from './routes/reviews.ts';
import { snapshotRoutes } from './routes/snapshots.ts';
import { sourceRoutes } from './routes/sources.ts';
import { verdictRoutes } from './routes/verdicts.ts';

export function createApp(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const app = createRoutes();
  app.use(authenticate(deps));
  // Hono answers HEAD by GET and drops the content: what it holds open is let go.
  app.use(async (c, next) => {
    await next();
    if (c.req.raw.method === 'HEAD') await c.res.body?.cancel();
  });
  app.use('/v1/*', boundContent);
  for (const routes of [
    healthRoutes,
    verdictRoutes,
    reviewRoutes,
    releaseRoutes,
    judgeRoutes,
    sourceRoutes,
    snapshotRoutes,
    exportRoutes,
    eventRoutes,
  ])
    app.route('/', routes(deps));
  app.route('/', docsRoutes(app, deps.version));
  if (deps.dashboard !== undefined) app.route('/', deps.dashboard);
  app.notFound((c) =>
    problemResponse(
      problemOf(new ForetasteError('not-found', `Expected a call of this API but received ${c.req.path}.`)),
    ),
  );
  app.onError((error, c) => answerError(error, c.req.path, deps.report));
  return app;
}

/** JSON calls are read whole: 10 000 URLs of the 3 KiB that browsers commonly take are the longest. */
const LONGEST_JSON = 32 * 2 ** 20;
/** Calls that read content as it comes, and have limits of their own. */
const STREAMED = new Set(['/v1/screen', '/v1/snapshots']);

const bounded = bodyLimit({
  maxSize: LONGEST_JSON,
  onError: () => {
    throw new ForetasteError(
      'too-large',
      `Expected content of at most ${LONGEST_JSON} octets but received more.`,
    );
  },
});

const boundContent: MiddlewareHandler<ApiEnv> = (c, next) =>
  STREAMED.has(c.req.path) ? next() : bounded(c, next);

function answerError(error: Error, path: string, report: ApiDeps['report']): Response {
  if (error instanceof HTTPException && error.status < 500)
    return problemResponse(problemOf(new ForetasteError('bad-request', error.message)));
  const problem = problemOf(error);
  if (!(error instanceof ForetasteError) || error.code === 'internal' || error.code === 'store')
    report?.(error);
  // Browsers ask their user for the token; other clients are told what is expected.
  const challenge = path.startsWith('/v1/') ? 'Bearer' : 'Basic realm="foretaste", charset="UTF-8"';
  return problemResponse(problem, problem.status === 401 ? { 'WWW-Authenticate': challenge } : {});
}
