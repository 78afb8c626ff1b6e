/** One error class, closed codes. src/api/problem.ts turns it into an answer; internals never leave. */

export const ERROR_CODES = [
  // client
  'usage',
  'bad-request',
  'unauthorized',
  'forbidden',
  'not-found',
  'destination-prohibited',
  'too-large',
  // upstream: named after RFC 9209 error types where one exists
  'dns-error',
  'dns-timeout',
  'connection-refused',
  'connection-terminated',
  'connection-timeout',
  'connection-read-timeout',
  'tls-certificate-error',
  'tls-protocol-error',
  'http-protocol-error',
  'http-response-incomplete',
  'body-too-large',
  // internal
  'config',
  'rule',
  'import',
  'store',
  'busy',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];
export type ErrorSide = 'client' | 'upstream' | 'internal';

const CLIENT = new Set<ErrorCode>(ERROR_CODES.slice(0, ERROR_CODES.indexOf('dns-error')));
const UPSTREAM = new Set<ErrorCode>(
  ERROR_CODES.slice(ERROR_CODES.indexOf('dns-error'), ERROR_CODES.indexOf('config')),
);
const RETRYABLE = new Set<ErrorCode>(['dns-timeout', 'connection-timeout', 'connection-terminated', 'busy']);

/**
 * Every error that this project throws on purpose.
 * `message` says what was expected, what came, and where; `where` points into a file or names a field.
 */
export class ForetasteError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;

  constructor(code: ErrorCode, message: string, options: { where?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ForetasteError';
    this.code = code;
    this.where = options.where;
  }

  /** Whose fault it is. */
  get side(): ErrorSide {
    if (CLIENT.has(this.code)) return 'client';
    return UPSTREAM.has(this.code) ? 'upstream' : 'internal';
  }

  /** Whether the same call can succeed later without any change. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
