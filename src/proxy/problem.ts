/** Answers that the proxy gives in its own name: refusals and failures, as RFC 9457 problems with a Proxy-Status (RFC 9209). */
import { STATUS_CODES } from 'node:http';
import { serializeItem, Token } from 'structured-headers';
import { ForetasteError } from '../domain/error.ts';
import type { Failure, Fields } from '../domain/exchange.ts';
import type { AnswerHead, Responder } from './message.ts';

export interface ProxyProblem {
  readonly status: number;
  /** A Proxy-Status error type (RFC 9209, section 2.3), where one says it. */
  readonly error?: string;
  readonly detail: string;
  readonly fields?: Fields;
}

/** RFC 9209, section 2.3, where it recommends another status than 502; a refused destination is the client's doing: 403. */
const STATUS_OF: Readonly<Record<string, number>> = {
  dns_timeout: 504,
  connection_timeout: 504,
  connection_read_timeout: 504,
  connection_write_timeout: 504,
  http_response_timeout: 504,
  destination_ip_prohibited: 403,
  http_request_denied: 403,
  http_request_error: 400,
  connection_limit_reached: 503,
  proxy_internal_error: 500,
};

export const problemOfFailure = ({ error, detail }: Pick<Failure, 'error' | 'detail'>): ProxyProblem => ({
  status: STATUS_OF[error] ?? 502,
  error,
  detail,
});

/** What an error thrown on the way means to the client. Anything but a ForetasteError stays unexplained: internals never leave. */
export function problemOfError(error: unknown): ProxyProblem {
  if (!(error instanceof ForetasteError)) {
    return { status: 500, error: 'proxy_internal_error', detail: 'The guard failed; its log says why.' };
  }
  if (error.code === 'destination-prohibited') {
    return { status: 403, error: 'destination_ip_prohibited', detail: error.message };
  }
  if (error.code === 'busy') {
    return {
      status: 503,
      error: 'connection_limit_reached',
      detail: error.message,
      fields: [['Retry-After', '1']],
    };
  }
  switch (error.side) {
    case 'client':
      return { status: 400, error: 'http_request_error', detail: error.message };
    case 'upstream':
      return problemOfFailure({ error: error.code.replaceAll('-', '_'), detail: error.message });
    case 'internal':
      return { status: 500, error: 'proxy_internal_error', detail: 'The guard failed; its log says why.' };
    default:
      return error.side satisfies never;
  }
}

/** `verdict`: the fields of a verdict, where one was given. */
export function answerProblem(
  responder: Responder,
  problem: ProxyProblem,
  options: { withContent: boolean; verdict?: Fields },
): void {
  const { status, error, detail, fields = [] } = problem;
  const title = STATUS_CODES[status] ?? 'Error';
  const body = Buffer.from(
    `${JSON.stringify({ type: error === undefined ? 'about:blank' : `urn:foretaste:problem:${error}`, title, status, detail })}\n`,
  );
  const head: AnswerHead = {
    status,
    reason: title,
    fields: [
      ...(options.verdict ?? []),
      ['Content-Type', 'application/problem+json'],
      ['Content-Length', String(body.length)],
      ['Cache-Control', 'no-store'],
      ...(error === undefined ? [] : [['Proxy-Status', proxyStatus(error, detail)] as const]),
      ...fields,
    ],
    content: options.withContent ? 'length' : 'none',
    last: status === 400,
  };
  responder.whole(head, body);
}

/** `foretaste;error=connection_refused;details="..."` */
export const proxyStatus = (error: string, details: string): string =>
  serializeItem(
    new Token('foretaste'),
    new Map<string, Token | string>([
      ['error', new Token(error)],
      // An sf-string takes printable ASCII only.
      ['details', details.replace(/[^\x20-\x7e]/g, '?').slice(0, 300)],
    ]),
  );
