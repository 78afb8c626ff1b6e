/** The filter list for a training pipeline. */
import { createRoute, z } from '@hono/zod-openapi';
import type { ApiDeps } from '../deps.ts';
import { EXPORT_FORMATS, EXPORT_TYPES, encodeExport } from '../export/encode.ts';
import { streamOf } from '../inert.ts';
import * as parameter from '../parameters.ts';
import { createRoutes, PROBLEMS } from '../route.ts';

const list = createRoute({
  method: 'get',
  path: '/v1/export',
  tags: ['Export'],
  summary: 'The filter list: one row per URL and digest, the newest verdict or review.',
  description:
    '`since` asks for rows that came to mean something else since then: decided, reviewed, or revoked with their source.',
  request: {
    query: z.strictObject({
      format: z.enum(EXPORT_FORMATS).default('jsonl'),
      since: parameter.since.optional(),
      verdict: parameter.verdicts.optional(),
    }),
  },
  responses: {
    200: {
      description: 'The rows, as a download.',
      content: Object.fromEntries(
        Object.values(EXPORT_TYPES).map((type) => [type.replace(/;.*/, ''), { schema: z.string() }]),
      ),
    },
    ...PROBLEMS,
  },
});

export const exportRoutes = (deps: ApiDeps) =>
  createRoutes().openapi(list, (c) => {
    const { format, since, verdict } = c.req.valid('query');
    const rows = deps.verdicts.export({ ...(since ? { since } : {}), ...(verdict ? { verdict } : {}) });
    return c.body(streamOf(encodeExport(format, rows)), 200, {
      'Content-Type': EXPORT_TYPES[format],
      'Content-Disposition': `attachment; filename="foretaste.${format}"`,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
  });
