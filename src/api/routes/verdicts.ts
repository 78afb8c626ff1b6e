/** Verdicts: pages, one, its bytes, the newest for many URLs. */
import { createRoute, z } from '@hono/zod-openapi';
import { ForetasteError } from '../../domain/error.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { ApiDeps } from '../deps.ts';
import { inertDownload } from '../inert.ts';
import { lookup, readUrls } from '../lookup.ts';
import * as parameter from '../parameters.ts';
import { createRoutes, json, needed, octets, PROBLEMS, requireType } from '../route.ts';
import { itemsOf, orNull, pageOf, VerdictSchema } from '../schemas.ts';

const tags = ['Verdicts'];
const params = z.object({ id: z.string() });

const list = createRoute({
  method: 'get',
  path: '/v1/verdicts',
  tags,
  summary: 'Verdicts, newest first.',
  request: {
    query: z.strictObject({
      url: parameter.url.optional(),
      source: parameter.host.optional(),
      verdict: parameter.verdicts.optional(),
      kind: parameter.kind.optional(),
      since: parameter.since.optional(),
      cursor: parameter.cursor.optional(),
      limit: parameter.limit,
    }),
  },
  responses: { 200: json(pageOf(VerdictSchema), 'A page.'), ...PROBLEMS },
});

const one = createRoute({
  method: 'get',
  path: '/v1/verdicts/{id}',
  tags,
  summary: 'One verdict.',
  request: { params },
  responses: { 200: json(VerdictSchema, 'The verdict, its newest review applied.'), ...PROBLEMS },
});

const body = createRoute({
  method: 'get',
  path: '/v1/verdicts/{id}/body',
  tags,
  summary: 'The bytes that were judged, as an inert download.',
  request: { params },
  responses: { 200: octets('application/octet-stream', 'The content as the origin sent it.'), ...PROBLEMS },
});

const find = createRoute({
  method: 'post',
  path: '/v1/verdicts/lookup',
  tags,
  summary: 'The newest verdict for each of up to 10 000 URLs, or null.',
  description:
    'JSON `{"urls":[...]}` is answered with `{"items":[...]}` in the order asked. NDJSON, one `"url"` or `{"url":"..."}` a line, is answered with NDJSON, one verdict or `null` a line.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: z.object({ urls: z.array(z.string()).max(10_000) }) },
        'application/x-ndjson': { schema: z.string() },
      },
    },
  },
  responses: {
    200: {
      description: 'Verdicts in the order asked.',
      content: {
        'application/json': { schema: itemsOf(orNull(VerdictSchema)) },
        'application/x-ndjson': { schema: z.string() },
      },
    },
    ...PROBLEMS,
  },
});

export function verdictRoutes(deps: ApiDeps) {
  const routes = createRoutes();
  routes.openAPIRegistry.registerPath(find);
  routes.openAPIRegistry.registerPath(body);
  // Before `{id}`, which would take its name; read by hand, since two media types mean two ways to read it.
  routes.post('/v1/verdicts/lookup', async (c) => {
    const type = requireType(
      c.req.header('Content-Type'),
      'application/json',
      'application/x-ndjson',
      'application/jsonl',
    );
    const found = await lookup(deps.verdicts, readUrls(type, await c.req.text()));
    if (type === 'application/json') return c.json({ items: found });
    const lines = found.map((verdict) => `${JSON.stringify(verdict)}\n`);
    return c.body(lines.join(''), 200, { 'Content-Type': 'application/x-ndjson' });
  });
  routes.get('/v1/verdicts/:id/body', async (c) => {
    const { digest } = await verdictOf(deps, c.req.param('id'));
    const bodies = needed(deps.bodies, 'a body store');
    // Where no response came there is no digest.
    const kept = digest.sha256 === '' ? undefined : await bodies.get(digest.sha256);
    if (kept === undefined)
      throw new ForetasteError(
        'not-found',
        'Expected the content of this verdict to be kept but it is not.',
        {
          where: 'id',
        },
      );
    return inertDownload(kept, digest.sha256);
  });
  return routes
    .openapi(list, async (c) => c.json(await deps.verdicts.list(c.req.valid('query')), 200))
    .openapi(one, async (c) => c.json(await verdictOf(deps, c.req.valid('param').id), 200));
}

/** Throws ForetasteError `not-found`. */
export async function verdictOf({ verdicts }: Pick<ApiDeps, 'verdicts'>, id: string): Promise<Verdict> {
  const verdict = await verdicts.get(id);
  if (verdict !== undefined) return verdict;
  throw new ForetasteError('not-found', `Expected the id of a verdict but received "${id}".`, {
    where: 'id',
  });
}
