/** Decisions of people about verdicts and sources: appended, never edited. */
import { createRoute, z } from '@hono/zod-openapi';
import { timestamp } from '../../domain/units.ts';
import { DECISIONS } from '../../domain/verdict.ts';
import { requires } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { createRoutes, json, PROBLEMS, requireType } from '../route.ts';
import { ReviewSchema, SourceSchema, VerdictSchema } from '../schemas.ts';
import { sourceOf } from './sources.ts';

const tags = ['Reviews'];

/** Longest note: room for a paragraph and a link, none for a file. */
const LONGEST_NOTE = 10_000;

const decision = z.strictObject({
  decision: z.enum(DECISIONS),
  note: z.string().max(LONGEST_NOTE).default(''),
});
const body = { required: true, content: { 'application/json': { schema: decision } } };
const role = requires('reviewer');

const ofVerdict = createRoute({
  method: 'post',
  path: '/v1/verdicts/{id}/review',
  tags,
  summary: 'Confirm, dismiss or release a verdict.',
  description:
    '`confirm`: it is right, its content stays blocked. `dismiss`: it is a false alarm, its content passes and the divergence counts no more. `release`: its content passes although the finding stands.',
  middleware: role,
  request: { params: z.object({ id: z.string() }), body },
  responses: { 200: json(VerdictSchema, 'The verdict with this review.'), ...PROBLEMS },
});

const ofSource = createRoute({
  method: 'post',
  path: '/v1/sources/{host}/review',
  tags,
  summary: 'Hold a source to be lying, or clear it.',
  description:
    '`confirm` revokes what the source passed so far, unless a snapshot record matched it. `dismiss` and `release` clear it.',
  middleware: role,
  request: { params: z.object({ host: z.string() }), body },
  responses: {
    200: json(
      SourceSchema.extend({ reviews: z.array(ReviewSchema).readonly() }),
      'The source with its reviews.',
    ),
    ...PROBLEMS,
  },
});

export const reviewRoutes = (deps: ApiDeps) =>
  createRoutes()
    .openapi(ofVerdict, async (c) => {
      requireType(c.req.header('Content-Type'), 'application/json');
      const { decision, note } = c.req.valid('json');
      const at = timestamp(deps.clock());
      const { id } = c.req.valid('param');
      const verdict = await deps.verdicts.review(id, decision, note, c.get('caller').name, at);
      deps.events.review(verdict);
      return c.json(verdict, 200);
    })
    .openapi(ofSource, async (c) => {
      requireType(c.req.header('Content-Type'), 'application/json');
      const { decision, note } = c.req.valid('json');
      const { host } = c.req.valid('param');
      await deps.sources.review(host, decision, note, c.get('caller').name, timestamp(deps.clock()));
      return c.json(await sourceOf(deps, host), 200);
    });
