/** Judging now: by URL, by URL with the content itself, by content already held. */
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ForetasteError } from '../../domain/error.ts';
import type { ApiDeps } from '../deps.ts';
import { exchangeOf, forwardedFields, OWN_FIELDS, profileFields } from '../exchange.ts';
import { heldBody, readContent } from '../held.ts';
import * as parameter from '../parameters.ts';
import { relay } from '../relay.ts';
import { createRoutes, json, needed, octets, PROBLEMS, requireType } from '../route.ts';
import { VerdictSchema } from '../schemas.ts';

const tags = ['Judging'];

const check = createRoute({
  method: 'post',
  path: '/v1/check',
  tags,
  summary: 'Fetch and judge now.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            url: parameter.url,
            profile: z.string().optional().openapi({ example: 'chrome-desktop' }),
            label: z
              .string()
              .optional()
              .openapi({ description: 'The caption that the dataset pairs with this URL.' }),
          }),
        },
      },
    },
  },
  responses: { 200: json(VerdictSchema, 'The verdict, also where no response came.'), ...PROBLEMS },
});

const fetchQuery = z.strictObject({ url: parameter.url });
const fetched = createRoute({
  method: 'get',
  path: '/v1/fetch',
  tags,
  summary: 'The judged response itself, for clients that cannot trust a private root.',
  description:
    'Status, fields and content as the origin sent them, with Foretaste-Verdict and Foretaste-Findings; withheld content is answered as by the proxy. Cookies and fields that set browser state stay behind; Location leads back to this call.',
  request: { query: fetchQuery },
  responses: { 200: octets('*/*', 'What the origin sent.'), ...PROBLEMS },
});

const screenQuery = z.strictObject({
  url: parameter.url.optional(),
  label: z.string().optional(),
  heatmap: z
    .enum(['0', '1'])
    .optional()
    .openapi({ description: '1: show where in a picture the evidence of a perturbation lies.' }),
});
const screen = createRoute({
  method: 'post',
  path: '/v1/screen',
  tags,
  summary: 'Judge bytes already held, without a fetch.',
  request: {
    query: screenQuery,
    body: { required: true, description: 'The bytes, with their Content-Type.', content: { '*/*': {} } },
  },
  responses: { 200: json(VerdictSchema, 'The verdict.'), ...PROBLEMS },
});

export function judgeRoutes(deps: ApiDeps) {
  const routes = createRoutes();
  for (const route of [fetched, screen]) routes.openAPIRegistry.registerPath(route);
  routes.get('/v1/fetch', async (c) => {
    const { url } = query(c, fetchQuery);
    const fields = forwardedFields(c.req.raw.headers);
    const label = c.req.header('Foretaste-Label');
    const id = deps.newId();
    const exchange = exchangeOf({
      id,
      url,
      fields: fields.length === 0 ? OWN_FIELDS : fields,
      receivedAt: deps.clock(),
      label,
    });
    const delivery = await needed(deps.guard, 'a guard').judge(exchange, {
      stream: true,
      signal: c.req.raw.signal,
    });
    return relay(delivery, url, id, deps.blockStatus);
  });
  routes.post('/v1/screen', async (c) => {
    const { url, label, heatmap } = query(c, screenQuery);
    const guard = needed(deps.guard, 'a guard');
    const mediaType = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
    const content = heldBody(await readContent(c.req.raw, deps.bodyLimit));
    const verdict = await guard.screen({
      content,
      ...(url === undefined ? {} : { url }),
      mediaType: mediaType === undefined || mediaType === '' ? 'application/octet-stream' : mediaType,
      ...(label === undefined ? {} : { label }),
    });
    const png = heatmap === '1' ? await deps.heatmap?.(verdict.id) : undefined;
    if (png === undefined || verdict.picture === undefined) return c.json(verdict, 200);
    const shown = `data:image/png;base64,${encodeBase64(png)}`;
    return c.json({ ...verdict, picture: { ...verdict.picture, heatmap: shown } }, 200);
  });
  return routes.openapi(check, async (c) => {
    requireType(c.req.header('Content-Type'), 'application/json');
    const guard = needed(deps.guard, 'a guard');
    const { url, profile, label } = c.req.valid('json');
    const exchange = exchangeOf({
      id: deps.newId(),
      url,
      fields:
        profile === undefined || profile === ''
          ? OWN_FIELDS
          : profileFields(profileNamed(deps, profile), url),
      receivedAt: deps.clock(),
      label,
    });
    const delivery = await guard.judge(exchange, { stream: false, signal: c.req.raw.signal });
    const { verdict, capture } = await delivery.judgement;
    await capture?.body.release();
    return c.json(verdict, 200);
  });
}

/** Throws what the validation of typed routes throws. */
const query = <Schema extends z.ZodType>(c: Context, schema: Schema): z.output<Schema> => {
  const result = schema.safeParse(c.req.query());
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ForetasteError('bad-request', issue?.message ?? 'Expected other parameters.', {
    where: String(issue?.code === 'unrecognized_keys' ? issue.keys[0] : (issue?.path[0] ?? '')),
  });
};

const encodeBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

function profileNamed({ profiles = [] }: ApiDeps, name: string) {
  const found = profiles.find((profile) => profile.name === name);
  if (found !== undefined) return found;
  throw new ForetasteError(
    'bad-request',
    `Expected a profile of ${profiles.map((profile) => profile.name).join(', ')} but received "${name}".`,
    { where: 'profile' },
  );
}
