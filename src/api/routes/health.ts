/** Live, ready, metrics. */
import { createRoute, z } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { createRoutes, json, needed, PROBLEMS } from '../route.ts';

const tags = ['Operation'];

const ReadySchema = z
  .object({
    ready: z.boolean(),
    version: z.string(),
    checks: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string() })),
  })
  .openapi('Readiness');

const live = createRoute({
  method: 'get',
  path: '/healthz',
  tags,
  summary: 'The process answers.',
  responses: { 200: json(z.object({ status: z.literal('ok') }), 'It does.') },
});

const ready = createRoute({
  method: 'get',
  path: '/readyz',
  tags,
  summary: 'Both listeners and the store work.',
  responses: {
    200: json(ReadySchema, 'They do.'),
    503: json(ReadySchema, 'One does not; `checks` says which.'),
  },
});

const metrics = createRoute({
  method: 'get',
  path: '/metrics',
  tags,
  summary: 'Prometheus text.',
  responses: {
    200: { description: 'Counters and histograms.', content: { 'text/plain': { schema: z.string() } } },
    ...PROBLEMS,
  },
});

export const healthRoutes = (deps: ApiDeps) =>
  createRoutes()
    .openapi(live, (c) => c.json({ status: 'ok' as const }, 200))
    .openapi(ready, async (c) => {
      const report = await deps.ready();
      return c.json({ ...report, version: deps.version }, report.ready ? 200 : 503);
    })
    .openapi(metrics, async (c) => {
      const registry = needed(deps.metrics, 'metrics');
      return c.text(await registry.metrics(), 200, { 'Content-Type': registry.contentType });
    });
