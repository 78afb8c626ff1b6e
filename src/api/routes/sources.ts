/** Sources: standing, divergence rate, history. */
import { createRoute, z } from '@hono/zod-openapi';
import { ForetasteError } from '../../domain/error.ts';
import type { ApiDeps } from '../deps.ts';
import * as parameter from '../parameters.ts';
import { createRoutes, json, PROBLEMS } from '../route.ts';
import { pageOf, ReviewSchema, SourceSchema } from '../schemas.ts';

const tags = ['Sources'];

const list = createRoute({
  method: 'get',
  path: '/v1/sources',
  tags,
  summary: 'Sources by divergence rate, or by when they were last seen.',
  request: {
    query: z.strictObject({
      order: z.enum(['divergence', 'recent']).default('divergence'),
      cursor: parameter.cursor.optional(),
      limit: parameter.limit,
    }),
  },
  responses: { 200: json(pageOf(SourceSchema), 'A page.'), ...PROBLEMS },
});

const one = createRoute({
  method: 'get',
  path: '/v1/sources/{host}',
  tags,
  summary: 'One host, or a registrable domain with all its hosts. Its verdicts: `GET /v1/verdicts?source=`.',
  request: { params: z.object({ host: parameter.host }) },
  responses: {
    200: json(
      SourceSchema.extend({ reviews: z.array(ReviewSchema).readonly() }),
      'The source with its reviews.',
    ),
    ...PROBLEMS,
  },
});

export const sourceRoutes = (deps: ApiDeps) =>
  createRoutes()
    .openapi(list, async (c) => c.json(await deps.sources.list(c.req.valid('query')), 200))
    .openapi(one, async (c) => c.json(await sourceOf(deps, c.req.valid('param').host), 200));

/** Throws ForetasteError `not-found`. */
export async function sourceOf({ sources }: Pick<ApiDeps, 'sources'>, host: string) {
  const name = host.toLowerCase();
  const source = await sources.get(name);
  if (source === undefined)
    throw new ForetasteError('not-found', `Expected a host with verdicts but received "${host}".`, {
      where: 'host',
    });
  return { ...source, reviews: await sources.reviews(name) };
}
