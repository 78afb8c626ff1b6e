/** Text rules: phrases that nobody writes for a reader, with the score each place gives them. */
import { z } from 'zod';
import { compilePattern, ruleSchema } from './rule.ts';

/** Where a phrase stood. `visible` is what a reader sees, `hidden` what only a parser extracts. */
export const PLACES = ['visible', 'hidden'] as const;
export type Place = (typeof PLACES)[number];

const score = z.number().min(0).max(1);

/** Patterns are tried on prepared text: NFKC, invisible characters removed, white space folded to one space. */
const match = z
  .strictObject({
    kind: z.literal('text.injection'),
    /**
     * Parts in lower case of which a match has at least one; patterns are tried only where one stands, which spares most of
     * a page. A space before the first character asks for the beginning of a word.
     */
    keywords: z.array(z.string().regex(/^\P{Lu}+$/u)).min(1),
    /** Parts that patterns name as `{model}`, so that a list of names stands in one place; a part may use those before it. */
    terms: z.record(z.string().regex(/^[a-z]+$/), z.string().min(1)).default({}),
    /** Any of them matches. Quantifiers stay bounded: the text is hostile. */
    patterns: z.array(z.string().min(1)).min(1),
    /** How sure a match is by where it stood; a visible phrase may be an article about such phrases. */
    score: z.strictObject({ visible: score, hidden: score }),
  })
  .transform(({ terms, patterns, ...rest }, context) => ({
    ...rest,
    patterns: patterns.map((source, at) => {
      const compiled = compilePattern(expand(source, terms));
      if (compiled instanceof RegExp) return compiled;
      context.addIssue({ code: 'custom', message: compiled, path: ['patterns', at] });
      return z.NEVER;
    }),
  }));

/** From the last part to the first, so that parts inside parts are filled in too. */
const expand = (source: string, terms: Readonly<Record<string, string>>): string =>
  Object.entries(terms).reduceRight(
    (text, [name, part]) => text.replaceAll(`{${name}}`, `(?:${part})`),
    source,
  );

export const textRuleSchema = ruleSchema(match, z.string().min(1));
export type TextRule = z.output<typeof textRuleSchema>;

export interface Phrase {
  /** As it stood, at most `LONGEST_PHRASE` characters. */
  readonly text: string;
  readonly at: number;
}

/** Enough to recognise the sentence by; evidence is read by people. */
const LONGEST_PHRASE = 200;

/** Prepared text as keywords are looked for in it. */
export const searchable = (text: string): string => ` ${text.toLowerCase()}`;

/** Whether a keyword of the rule stands in `searchable` text; where none does, no part of it has a phrase of the rule. */
export const mayHold = ({ match: { keywords } }: TextRule, text: string): boolean =>
  keywords.some((keyword) => text.includes(keyword));

/** The first phrase in prepared `text` that the rule speaks of. */
export function findPhrase(rule: TextRule, text: string): Phrase | undefined {
  if (!mayHold(rule, searchable(text))) return undefined;
  for (const expression of rule.match.patterns) {
    const found = expression.exec(text);
    if (found) return { text: found[0].slice(0, LONGEST_PHRASE), at: found.index };
  }
  return undefined;
}
