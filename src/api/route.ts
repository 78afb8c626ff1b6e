/** How routes are written down: an app whose errors are problems, and the pieces their documentation repeats. */
import { OpenAPIHono, type z } from '@hono/zod-openapi';
import { ForetasteError } from '../domain/error.ts';
import type { ApiEnv } from './auth.ts';
import { PROBLEM_TYPE } from './fields.ts';
import { validationHook } from './problem.ts';
import { ProblemSchema } from './schemas.ts';

export const createRoutes = (): OpenAPIHono<ApiEnv> =>
  new OpenAPIHono<ApiEnv>({ defaultHook: validationHook });

export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** Every call may answer with a problem. */
export const PROBLEMS = {
  default: { description: 'A problem (RFC 9457).', content: { [PROBLEM_TYPE]: { schema: ProblemSchema } } },
} as const;

/** Octets of any type, as OpenAPI 3.1 says it: without a schema. */
export const octets = (type: string, description: string) => ({ description, content: { [type]: {} } });

/** What a composition did not bring. Throws ForetasteError `config`, which is answered 501. */
export function needed<T>(part: T | undefined, what: string): T {
  if (part === undefined)
    throw new ForetasteError('config', `Expected ${what}, but this guard runs without.`);
  return part;
}

/** JSON content is asked for by its type: a form of another site cannot send that without being asked first (CORS). */
export function requireType(given: string | undefined, ...allowed: readonly string[]): string {
  const type = (given ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (allowed.includes(type)) return type;
  throw new ForetasteError(
    'bad-request',
    `Expected Content-Type ${allowed.join(' or ')} but received "${given ?? ''}".`,
    { where: 'Content-Type' },
  );
}
