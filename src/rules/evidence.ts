/** Evidence rules: how a challenge, a refusal and a soft 404 look, so that they neither corroborate nor accuse. */
import { z } from 'zod';
import { type Fields, field } from '../domain/index.ts';
import { pattern, ruleSchema } from './rule.ts';

const response = z.strictObject({
  status: z.int(),
  fields: z.array(z.tuple([z.string(), z.string()])).default([]),
  body: z.string().default(''),
});

export const evidenceRuleSchema = ruleSchema(
  z.strictObject({
    evidence: z.enum(['challenged', 'blocked', 'soft-404']),
    /** All that are given must match. */
    status: z.array(z.int()).optional(),
    field: z.strictObject({ name: z.string(), value: pattern }).optional(),
    body: pattern.optional(),
  }),
  response,
);
export type EvidenceRule = z.output<typeof evidenceRuleSchema>;

export const isEvidence = (
  rule: EvidenceRule,
  { status, fields, body }: { status: number; fields: Fields; body: string },
): boolean =>
  (rule.match.status?.includes(status) ?? true) &&
  (rule.match.field === undefined ||
    rule.match.field.value.test(field(fields, rule.match.field.name) ?? '')) &&
  (rule.match.body?.test(body) ?? true);
