/** Volatile rules: parts of a page that change by themselves or by visitor, masked or set aside before views are compared. */
import { z } from 'zod';
import { pattern, ruleSchema } from './rule.ts';

/**
 * Where a rule looks. `text`: runs inside a sentence, masked. `block`: whole blocks that greet, ask for consent or sell, set
 * aside. `query`: names of query parameters that say nothing about the target. `data`: paths of data whose values live.
 * `name`: class and id names made by a build.
 */
export const VOLATILE_PLACES = ['text', 'block', 'query', 'data', 'name'] as const;
export type VolatilePlace = (typeof VOLATILE_PLACES)[number];

export const volatileRuleSchema = ruleSchema(
  z.strictObject({
    in: z.enum(VOLATILE_PLACES),
    patterns: z.array(pattern).min(1),
    /** Characters of the text around it up to which a run counts: longer prose means what it says. */
    maxText: z.int().positive().optional(),
  }),
  z.string().min(1),
);
export type VolatileRule = z.output<typeof volatileRuleSchema>;

/** Whether anything in `text` is volatile by `rule`; for `text` rules a part of it, otherwise all of it. */
export const isVolatile = (rule: VolatileRule, text: string): boolean =>
  isShortFor(rule, text) && rule.match.patterns.some((expression) => expression.test(text));

export const isShortFor = ({ match: { maxText } }: VolatileRule, text: string): boolean =>
  maxText === undefined || text.length <= maxText;

/** The patterns of one place, of all rules. */
export const patternsFor = (rules: readonly VolatileRule[], place: VolatilePlace): RegExp[] =>
  rules.filter((rule) => rule.match.in === place).flatMap((rule) => rule.match.patterns);
