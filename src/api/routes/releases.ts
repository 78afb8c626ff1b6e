/** Re-admission: quarantined content that proves to be what was recorded, let go by rule. */
import { createRoute, z } from '@hono/zod-openapi';
import { wantedBy } from '../../dashboard/wanted.ts';
import { FINDING_KINDS } from '../../domain/finding.ts';
import { SNAPSHOT_STATUSES } from '../../domain/snapshot.ts';
import { requires } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import * as parameter from '../parameters.ts';
import { createRoutes, json, needed, PROBLEMS, requireType } from '../route.ts';
import { itemsOf } from '../schemas.ts';

const tags = ['Reviews'];

/** Most that one call lets go; the answer says when there may be more. */
const MOST = 10_000;
/** Rows an answer lists; the counts are of all. */
const MOST_LISTED = 1000;

const RuleSchema = z
  .object({
    id: z.string().openapi({ example: 'release/similar-text' }),
    version: z.number().int(),
    status: z.enum(['experimental', 'stable']),
    description: z.string(),
  })
  .openapi('ReleaseRule');

const ReleaseSchema = z
  .object({
    rule: z.string(),
    dryRun: z.boolean(),
    examined: z
      .number()
      .int()
      .openapi({ description: 'Quarantined verdicts without a review that passed the filter.' }),
    released: z.number().int().openapi({ description: 'Let go, or in a dry run: that would be.' }),
    more: z.boolean().openapi({ description: `Stopped after ${MOST}; the same call goes on.` }),
    items: z
      .array(
        z.object({
          id: z.string(),
          url: z.string(),
          source: z.string(),
          snapshot: z.enum(SNAPSHOT_STATUSES).openapi({ description: "By today's records." }),
          dataset: z.string().nullable(),
          kinds: z.array(z.enum(FINDING_KINDS)).readonly(),
        }),
      )
      .readonly()
      .openapi({ description: `The first ${MOST_LISTED} of those released.` }),
  })
  .openapi('Release');

const order = z.strictObject({
  rule: z.string(),
  filter: z.string().max(2000).default('').openapi({ example: 'host:example.org kind:source.*' }),
  since: parameter.since.optional(),
  dryRun: z.boolean().default(true),
  note: z.string().max(2000).default(''),
});

const rules = createRoute({
  method: 'get',
  path: '/v1/releases/rules',
  tags,
  summary: 'The rules by which quarantined content may be let go.',
  responses: { 200: json(itemsOf(RuleSchema), 'Rules.'), ...PROBLEMS },
});

const go = createRoute({
  method: 'post',
  path: '/v1/releases',
  tags,
  summary:
    'Let go what is quarantined and proves to be what was recorded; unless `dryRun` is false only say what would be.',
  description:
    'The kept content of each verdict that is quarantined without a review is held against the records of today. What the rule allows gets a review, `release`, whose note names the rule.',
  middleware: requires('reviewer'),
  request: { body: { required: true, content: { 'application/json': { schema: order } } } },
  responses: { 200: json(ReleaseSchema, 'What was let go.'), ...PROBLEMS },
});

export const releaseRoutes = (deps: ApiDeps) =>
  createRoutes()
    .openapi(rules, (c) => {
      const desk = needed(deps.releases, 'records to hold content against');
      const items = desk.rules.map(({ id, version, status, description }) => ({
        id,
        version,
        status,
        description,
      }));
      return c.json({ items }, 200);
    })
    .openapi(go, async (c) => {
      requireType(c.req.header('Content-Type'), 'application/json');
      const desk = needed(deps.releases, 'records to hold content against');
      const { filter, since, ...given } = c.req.valid('json');
      const items: z.output<typeof ReleaseSchema>['items'][number][] = [];
      let [examined, released] = [0, 0];
      for await (const candidate of desk.release({
        ...given,
        ...(since === undefined ? {} : { since }),
        wanted: wantedBy(filter, deps.clock()),
        reviewer: c.get('caller').name,
        most: MOST,
      })) {
        examined++;
        if (!candidate.released) continue;
        released++;
        const { verdict, match, kinds } = candidate;
        if (items.length < MOST_LISTED)
          items.push({
            id: verdict.id,
            url: verdict.url,
            source: verdict.source,
            snapshot: match.status,
            dataset: match.dataset,
            kinds,
          });
      }
      const { rule, dryRun } = given;
      return c.json({ rule, dryRun, examined, released, more: released === MOST, items }, 200);
    });
