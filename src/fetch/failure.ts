/** Errors as the outside names them: Proxy-Status error types (RFC 9209, section 2.3). */
import type { Failure, ForetasteError, IdentityName, Milliseconds } from '../domain/index.ts';

/** The RFC 9209 error type of an error. */
export function proxyErrorType(error: ForetasteError): string {
  switch (error.code) {
    case 'destination-prohibited':
      return 'destination_ip_prohibited';
    case 'dns-error':
    case 'dns-timeout':
    case 'connection-refused':
    case 'connection-terminated':
    case 'connection-timeout':
    case 'connection-read-timeout':
    case 'tls-certificate-error':
    case 'tls-protocol-error':
    case 'http-protocol-error':
    case 'http-response-incomplete':
      return error.code.replaceAll('-', '_');
    case 'body-too-large':
    case 'too-large':
      return 'http_response_body_size';
    case 'bad-request':
    case 'usage':
      return 'http_request_error';
    case 'unauthorized':
    case 'forbidden':
    case 'not-found':
      return 'http_request_denied';
    case 'config':
      return 'proxy_configuration_error';
    case 'busy':
      return 'connection_limit_reached';
    case 'rule':
    case 'import':
    case 'store':
    case 'internal':
      return 'proxy_internal_error';
    default:
      return error.code satisfies never;
  }
}

/** The attempt that `error` ended. */
export const failureOf = (
  error: ForetasteError,
  attempt: { identity: IdentityName; url: string; startedAt: Milliseconds; now: Milliseconds },
): Failure => ({
  kind: 'failure',
  identity: attempt.identity,
  url: attempt.url,
  error: proxyErrorType(error),
  detail: error.message,
  startedAt: attempt.startedAt,
  duration: attempt.now - attempt.startedAt,
});
