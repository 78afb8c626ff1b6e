/** The shapes of the contract, as OpenAPI documents them. */
import { z } from '@hono/zod-openapi';
import { FINDING_KINDS, SEVERITIES } from '../domain/finding.ts';
import { SNAPSHOT_STATUSES } from '../domain/snapshot.ts';
import { ACTIONS, DECISIONS, EVIDENCE_CLASSES, VERDICTS } from '../domain/verdict.ts';
import { PictureSchema } from './picture-schema.ts';

const time = z.string().openapi({ format: 'date-time', example: '2026-11-22T09:30:00.000Z' });
const sha256 = z
  .string()
  .openapi({ example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' });
const ratio = z.number().openapi({ minimum: 0, maximum: 1, example: 0.97 });
const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();

/** Not `.nullable()`, which would make the named shape itself nullable wherever it stands. */
export const orNull = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.null()]);

export const ReviewSchema = z
  .object({
    decision: z.enum(DECISIONS),
    note: z.string(),
    reviewer: z.string(),
    at: time,
  })
  .openapi('Review');

const FindingSchema = z
  .object({
    kind: z.enum(FINDING_KINDS),
    severity: z.enum(SEVERITIES),
    score: ratio,
    summary: z.string().openapi({ example: 'One paragraph (214 characters) reached only the crawler.' }),
    taxonomy: list(z.string()).openapi({ example: ['AML.T0020', 'NISTAML.013'] }),
    rule: z.string().openapi({ example: 'split-view/exclusive-text@3' }),
    evidence: z.record(z.string(), z.unknown()),
  })
  .openapi('Finding');

const ViewSchema = z
  .object({
    identity: z.string().openapi({ example: 'chrome-desktop@second' }),
    status: z.number().int().nullable(),
    sha256: sha256.nullable(),
    bytes: z.number().int().nullable(),
    ms: z.number(),
    evidence: z.enum(EVIDENCE_CLASSES),
  })
  .openapi('View');

export const VerdictSchema = z
  .object({
    id: z.string().openapi({ example: '01JD9V5T8Q4Y6K2M3N7P8R9S0A' }),
    url: z.string().openapi({ example: 'https://example.org/a' }),
    source: z.string().openapi({ example: 'example.org' }),
    status: z.number().int().nullable().openapi({ description: 'Null when no response came.' }),
    mediaType: z.string().openapi({ example: 'text/html' }),
    bytes: z.number().int(),
    verdict: z.enum(VERDICTS),
    action: z.enum(ACTIONS).openapi({ description: 'With the newest review, and revocation, applied.' }),
    score: ratio,
    quorum: z
      .string()
      .openapi({ example: '0/3', description: 'References that corroborated, of usable ones.' }),
    digest: z.object({ sha256, md5: z.string() }),
    fetchedAt: time,
    decidedAt: time,
    snapshot: z.object({
      status: z.enum(SNAPSHOT_STATUSES),
      dataset: z.string().nullable(),
      date: time.nullable(),
    }),
    views: list(ViewSchema),
    findings: list(FindingSchema),
    picture: PictureSchema.optional(),
    review: orNull(ReviewSchema),
    rules: z.string().openapi({ example: 'sha256:0a1b', description: 'Digest of the rules in force.' }),
    log: z.number().int().openapi({ description: 'Position in the append-only log, from 1.' }),
    revoked: z
      .literal(true)
      .optional()
      .openapi({ description: 'Passed before its source was found lying; quarantined since.' }),
  })
  .openapi('Verdict');

export const SourceSchema = z
  .object({
    host: z.string().openapi({ example: 'example.org' }),
    registrableDomain: z.string(),
    exchanges: z.number().int(),
    corroborated: z.number().int(),
    divergences: z.number().int(),
    confirmed: z.boolean(),
    divergenceRate: ratio,
    verdicts: z.record(z.enum(VERDICTS), z.number().int()),
    actions: z.record(z.enum(ACTIONS), z.number().int()),
    firstSeen: time,
    lastSeen: time,
  })
  .openapi('Source');

export const SnapshotSchema = z
  .object({
    url: z.string(),
    date: time.nullable(),
    dataset: z.string(),
    httpStatus: z.number().int().nullable(),
    digests: list(
      z.object({
        alg: z.enum(['md5', 'sha1', 'sha256', 'sha512']),
        value: z.string(),
        scope: z.enum(['wire', 'entity', 'decoded', 'image', 'text', 'unknown']),
      }),
    ),
    perceptual: list(z.object({ alg: z.enum(['pdq', 'phash', 'minhash']), value: z.string() })),
    label: z.string().nullable(),
    note: z.string().nullable(),
  })
  .openapi('SnapshotRecord');

export const ProblemSchema = z
  .object({
    type: z.string().openapi({ example: 'urn:foretaste:problem:bad-request' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().openapi({ example: 'bad-request' }),
    field: z.string().optional().openapi({ description: 'The first field at fault.', example: 'limit' }),
    errors: list(
      z.object({ field: z.string(), in: z.enum(['path', 'query', 'header', 'body']), detail: z.string() }),
    ).optional(),
  })
  .openapi('Problem');

/** A page of a list; `next` is the cursor of the page that follows, where one does. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: list(item), next: z.string().optional() });

export const itemsOf = <Item extends z.ZodType>(item: Item) => z.object({ items: list(item) });
