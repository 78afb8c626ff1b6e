/** The envelope that every rule arrives in: who it is, how sure we are of it, and its cases. */
import { z } from 'zod';

/** `family/name`, lower case. With its version it is what a finding names: `text/ignore-previous@1`. */
const id = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, { error: 'family/name in lower case' });

export const ENVELOPE = {
  id,
  /** Raised whenever the rule would judge something differently. */
  version: z.int().positive(),
  /** A rule starts as experimental and is promoted on measured numbers. */
  status: z.enum(['experimental', 'stable']),
  description: z.string().min(1),
  /** What innocent content is known to match, in the words of the rule's author. */
  falsePositives: z.array(z.string().min(1)),
  references: z.array(z.string().min(1)),
} as const;

/** Schema of a rule of one family: what it matches, and examples that must match and that must not. */
export const ruleSchema = <Match extends z.ZodType, Example extends z.ZodType>(
  match: Match,
  example: Example,
) =>
  z.strictObject({
    ...ENVELOPE,
    match,
    cases: z.strictObject({ match: z.array(example).min(1), pass: z.array(example).min(1) }),
  });

/** Any rule as far as running its cases is concerned. */
export interface Rule<Example> {
  readonly id: string;
  readonly version: number;
  readonly cases: { readonly match: readonly Example[]; readonly pass: readonly Example[] };
}

/** How findings name a rule. */
export const ruleName = (rule: { id: string; version: number }): string => `${rule.id}@${rule.version}`;

/** Unicode, without case; where it is no regular expression, what was expected. */
export function compilePattern(source: string): RegExp | string {
  try {
    return new RegExp(source, 'iu');
  } catch (cause) {
    return `a regular expression (${(cause as Error).message})`;
  }
}

/** A regular expression in a rule file, compiled once. */
export const pattern = z
  .string()
  .min(1)
  .transform((source, context) => {
    const compiled = compilePattern(source);
    if (compiled instanceof RegExp) return compiled;
    context.addIssue({ code: 'custom', message: compiled });
    return z.NEVER;
  });
