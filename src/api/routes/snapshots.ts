/** Snapshot records: looked up and imported. */
import { createRoute, z } from '@hono/zod-openapi';
import { requires } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { contentOf } from '../held.ts';
import * as parameter from '../parameters.ts';
import { createRoutes, json, needed, PROBLEMS } from '../route.ts';
import { itemsOf, SnapshotSchema } from '../schemas.ts';

const tags = ['Snapshots'];

const find = createRoute({
  method: 'get',
  path: '/v1/snapshots',
  tags,
  summary: 'What datasets and archives recorded for a URL.',
  request: { query: z.strictObject({ url: parameter.url }) },
  responses: { 200: json(itemsOf(SnapshotSchema), 'Records; none is an empty list.'), ...PROBLEMS },
});

const bring = createRoute({
  method: 'post',
  path: '/v1/snapshots',
  tags,
  summary: 'Import records of one file.',
  middleware: requires('admin'),
  request: {
    query: z.strictObject({
      format: z.enum(['auto', 'cdxj', 'warc', 'parquet', 'csv', 'tsv', 'jsonl']).default('auto'),
      dataset: z.string().min(1).optional().openapi({ example: 'cc-2026-10' }),
    }),
    body: { required: true, description: 'The file.', content: { 'application/octet-stream': {} } },
  },
  responses: {
    200: json(z.object({ records: z.number().int(), skipped: z.number().int() }), 'What was imported.'),
    ...PROBLEMS,
  },
});

export const snapshotRoutes = (deps: ApiDeps) =>
  createRoutes()
    .openapi(find, async (c) => {
      const items = await needed(deps.snapshots, 'a snapshot index').find(c.req.valid('query').url);
      return c.json({ items }, 200);
    })
    .openapi(bring, async (c) => {
      const importSnapshots = needed(deps.importSnapshots, 'a snapshot index that takes imports');
      const { records, skipped } = await importSnapshots(contentOf(c.req.raw), c.req.valid('query'));
      return c.json({ records, skipped }, 200);
    });
