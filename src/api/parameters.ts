/** Query parameters that several calls share, each checked once and named when it is wrong. */
import { z } from '@hono/zod-openapi';
import { FINDING_KINDS } from '../domain/finding.ts';
import { VERDICTS, type VerdictName } from '../domain/verdict.ts';

const FAMILIES = [...new Set(FINDING_KINDS.map((kind) => `${kind.split('.')[0]}.*`))];
const KINDS: readonly string[] = [...FINDING_KINDS, ...FAMILIES];

/** An absolute http or https URL; the fragment, which no server sees, is left out. */
export const url = z
  .string()
  .refine(
    (given) => /^https?:\/\/./i.test(given) && URL.canParse(given),
    'Expected an absolute http or https URL.',
  )
  .transform((given) => given.replace(/#.*$/s, ''))
  .openapi({ type: 'string', format: 'uri', example: 'https://example.org/a' });

/** One or several verdicts, separated by commas. */
export const verdicts = z
  .string()
  .transform((given, context): VerdictName[] => {
    const names = given.split(',').map((name) => name.trim());
    if (names.every((name): name is VerdictName => (VERDICTS as readonly string[]).includes(name)))
      return names;
    context.issues.push({
      code: 'custom',
      input: given,
      message: `Expected one or more of ${VERDICTS.join(', ')} but received "${given}".`,
    });
    return z.NEVER;
  })
  .openapi({ type: 'string', example: 'suspect,poisoned' });

/** RFC 3339 date and time with offset, or a date, which means its first moment in UTC. */
export const since = z
  .string()
  .transform((given, context) => {
    const written = /^\d{4}-\d\d-\d\d([Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d))?$/.test(given);
    const at = written ? Date.parse(given) : Number.NaN;
    if (!Number.isNaN(at)) return new Date(at).toISOString();
    context.issues.push({
      code: 'custom',
      input: given,
      message: `Expected a time such as 2026-11-22T09:30:00Z or a date such as 2026-11-22 but received "${given}".`,
    });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'date-time', example: '2026-11-22T09:30:00Z' });

export const kind = z
  .string()
  .refine((given) => KINDS.includes(given), 'Expected a finding kind, or a family such as split-view.*.')
  .openapi({ example: 'split-view.*' });

/** Items a page holds: 100 where nothing is said, 1000 at most. */
export const limit = z
  .string()
  .default('100')
  .transform((given, context) => {
    const count = /^\d{1,4}$/.test(given) ? Number(given) : 0;
    if (count >= 1 && count <= 1000) return count;
    context.issues.push({
      code: 'custom',
      input: given,
      message: `Expected an integer from 1 to 1000 but received "${given}".`,
    });
    return z.NEVER;
  })
  .openapi({ type: 'integer', minimum: 1, maximum: 1000, default: 100 });

export const cursor = z.string().openapi({ description: '`next` of the page before.' });
export const host = z.string().min(1).openapi({ example: 'example.org' });
