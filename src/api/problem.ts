/** Errors as RFC 9457 problems. The one place where an error becomes an answer; internals never leave. */
import type { Context } from 'hono';
import type { ZodError } from 'zod';
import { type ErrorCode, ForetasteError } from '../domain/error.ts';
import { PROBLEM_TYPE } from './fields.ts';

/** One thing that is wrong with a request, and where. */
export interface FieldError {
  /** Name of the parameter or member, `urls[3]`; empty where the whole content is meant. */
  readonly field: string;
  readonly in: 'path' | 'query' | 'header' | 'body';
  readonly detail: string;
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** The first field at fault, where one is. */
  readonly field?: string;
  readonly errors?: readonly FieldError[];
}

const STATUS: Readonly<Record<ErrorCode, { status: number; title: string }>> = {
  usage: { status: 400, title: 'Bad request' },
  'bad-request': { status: 400, title: 'Bad request' },
  unauthorized: { status: 401, title: 'A token is needed' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  'destination-prohibited': { status: 403, title: 'Destination is prohibited' },
  'too-large': { status: 413, title: 'Content is too large' },
  'dns-error': { status: 502, title: 'Origin could not be reached' },
  'dns-timeout': { status: 504, title: 'Origin did not answer in time' },
  'connection-refused': { status: 502, title: 'Origin could not be reached' },
  'connection-terminated': { status: 502, title: 'Origin could not be reached' },
  'connection-timeout': { status: 504, title: 'Origin did not answer in time' },
  'connection-read-timeout': { status: 504, title: 'Origin did not answer in time' },
  'tls-certificate-error': { status: 502, title: 'Origin could not be trusted' },
  'tls-protocol-error': { status: 502, title: 'Origin could not be trusted' },
  'http-protocol-error': { status: 502, title: 'Origin answered what is not HTTP' },
  'http-response-incomplete': { status: 502, title: 'Origin broke off' },
  'body-too-large': { status: 502, title: 'Content is too large' },
  config: { status: 501, title: 'Not available here' },
  rule: { status: 500, title: 'Internal error' },
  import: { status: 400, title: 'Bad request' },
  store: { status: 503, title: 'Store is not available' },
  busy: { status: 503, title: 'Too much under way' },
  internal: { status: 500, title: 'Internal error' },
};

/** What may be told of an error. Anything that was not thrown on purpose, or tells of our inside, says nothing. */
export function problemOf(error: unknown): Problem {
  const known = error instanceof ForetasteError ? error : new ForetasteError('internal', '');
  const { status, title } = STATUS[known.code];
  const silent = known.code === 'internal' || known.code === 'store' || known.code === 'rule';
  return {
    type: `urn:foretaste:problem:${known.code}`,
    title,
    status,
    detail: silent ? 'The guard could not answer; its log says why.' : known.message,
    code: known.code,
    ...(known.side === 'client' && known.where !== undefined ? { field: known.where } : {}),
  };
}

export const problemResponse = (problem: Problem, fields: Readonly<Record<string, string>> = {}): Response =>
  new Response(`${JSON.stringify(problem)}\n`, {
    status: problem.status,
    headers: { 'Content-Type': PROBLEM_TYPE, 'Cache-Control': 'no-store', ...fields },
  });

const PLACES = {
  param: 'path',
  query: 'query',
  header: 'header',
  json: 'body',
  form: 'body',
  cookie: 'header',
} as const;

/** What validation found, named by field: the hook of every route. */
export function validationHook(
  result: { success: true } | { success: false; target: keyof typeof PLACES; error: ZodError },
  _context: Context,
): Response | undefined {
  if (result.success) return undefined;
  const errors = result.error.issues.map(
    (issue): FieldError => ({
      field: fieldName(
        issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path,
      ),
      in: PLACES[result.target],
      detail: issue.message,
    }),
  );
  const [first] = errors;
  return problemResponse({
    ...problemOf(
      new ForetasteError('bad-request', errors.map(({ field, detail }) => `${field}: ${detail}`).join('; ')),
    ),
    ...(first === undefined ? {} : { field: first.field }),
    errors,
  });
}

const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, key) =>
      typeof key === 'number' ? `${name}[${key}]` : name === '' ? String(key) : `${name}.${String(key)}`,
    '',
  );
