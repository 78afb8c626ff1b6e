/** Evidence rules: how a challenge, a refusal, a wall and a soft 404 look, so that they neither corroborate nor accuse. */
import { z } from 'zod';
import { type Fields, fieldValues } from '../domain/index.ts';
import { pattern, ruleSchema } from './rule.ts';

const response = z.strictObject({
  status: z.int(),
  fields: z.array(z.tuple([z.string(), z.string()])).default([]),
  body: z.string().default(''),
});

export const evidenceRuleSchema = ruleSchema(
  z.strictObject({
    evidence: z.enum(['challenged', 'blocked', 'failed', 'soft-404']),
    /** What a reader is told: `cf-mitigated: challenge`. */
    reason: z.string().min(1),
    /** All that are given must match. */
    status: z.array(z.int()).optional(),
    field: z.strictObject({ name: z.string(), value: pattern }).optional(),
    /**
     * Most characters of visible text: a page with more is content, whatever markers stand in it. Without it an origin could
     * mark its poison as a challenge and so escape comparison.
     */
    maxText: z.int().positive().optional(),
    /** In the markup. */
    body: pattern.optional(),
    /** In the visible text, white space folded. */
    text: pattern.optional(),
  }),
  response,
);
export type EvidenceRule = z.output<typeof evidenceRuleSchema>;

export interface Response {
  readonly status: number;
  readonly fields: Fields;
  /** Markup or text, decoded; its beginning is enough. */
  readonly body: string;
  /** Visible text; without it, what stands between the tags of `body`. */
  readonly text?: string;
}

/** Whether `rule` recognises the response. Cheap tests come first: most rules end at the status. */
export function isEvidence({ match }: EvidenceRule, { status, fields, body, text }: Response): boolean {
  if (match.status && !match.status.includes(status)) return false;
  const { field } = match;
  if (field && !fieldValues(fields, field.name).some((value) => field.value.test(value))) return false;
  if (match.maxText === undefined && !match.body && !match.text) return true;
  const visible = text ?? textBetweenTags(body);
  if (match.maxText !== undefined && visible.length > match.maxText) return false;
  if (match.text && !match.text.test(visible)) return false;
  return match.body?.test(body) ?? true;
}

const textBetweenTags = (body: string): string =>
  body
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>|<[^>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
