/** Volatile rules: parts of a text that change by themselves, to be masked before texts are compared. */
import { z } from 'zod';
import { pattern, ruleSchema } from './rule.ts';

export const volatileRuleSchema = ruleSchema(
  z.strictObject({ patterns: z.array(pattern).min(1) }),
  z.string().min(1),
);
export type VolatileRule = z.output<typeof volatileRuleSchema>;

export const isVolatile = (rule: VolatileRule, text: string): boolean =>
  rule.match.patterns.some((expression) => expression.test(text));
