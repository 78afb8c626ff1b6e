/** TLS to origins: always verified, shaped by the profile, and without any ticket that would tie two identities together. */
import { isIP, type Socket } from 'node:net';
import {
  connect,
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { ForetasteError, type Milliseconds, type Profile, type Signal } from '../domain/index.ts';

/** A context for one identity. OpenSSL parses the roots here, once, not at each handshake. */
export function contextOf(tls: Partial<Profile['tls']>, upstreamCa: readonly string[]): SecureContext {
  return createSecureContext({
    ca: [...getCACertificates('default'), ...upstreamCa],
    ciphers: tls.ciphers,
    ecdhCurve: tls.groups,
    sigalgs: tls.signatureAlgorithms,
    minVersion: 'TLSv1.2',
  });
}

/**
 * Handshake over an open connection. Takes over `socket`: whatever goes wrong, it is closed.
 * @throws ForetasteError `tls-certificate-error`, `tls-protocol-error`, `connection-timeout`, `connection-terminated`
 */
export function secure(
  socket: Socket,
  options: {
    host: string;
    alpn: readonly string[];
    context: SecureContext;
    timeout: Milliseconds;
    signal: Signal;
  },
): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const { host } = options;
  const wrapped = connect({
    socket,
    host,
    // SNI carries names only (RFC 6066, section 3).
    servername: isIP(host) === 0 ? host.replace(/\.$/, '') : '',
    ALPNProtocols: [...options.alpn],
    secureContext: options.context,
    rejectUnauthorized: true,
  });
  const give = (error: ForetasteError): void => {
    settle();
    wrapped.destroy();
    socket.destroy();
    reject(error);
  };
  const timer = setTimeout(
    () =>
      give(
        new ForetasteError(
          'connection-timeout',
          `Expected a TLS handshake with ${host} within ${options.timeout} ms.`,
        ),
      ),
    options.timeout,
  );
  const onAbort = (): void =>
    give(new ForetasteError('connection-terminated', `The TLS handshake with ${host} was given up.`));
  const onError = (error: Error): void => give(handshakeError(error, host));
  const onClose = (): void =>
    give(
      new ForetasteError(
        'connection-terminated',
        `Expected a TLS handshake but ${host} closed the connection.`,
      ),
    );
  const onSecure = (): void => {
    settle();
    resolve(wrapped);
  };
  const settle = (): void => {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', onAbort);
    wrapped.off('error', onError).off('close', onClose).off('secureConnect', onSecure);
    wrapped.on('error', () => {});
  };
  wrapped.on('error', onError).on('close', onClose).on('secureConnect', onSecure);
  options.signal.addEventListener('abort', onAbort);
  if (options.signal.aborted) onAbort();
  return promise;
}

/** OpenSSL's names for what can be wrong with a certificate, as Node gives them. */
const CERTIFICATE =
  /CERT|SELF_SIGNED|ISSUER|LEAF_SIGNATURE|ALTNAME|CRL|HOSTNAME_MISMATCH|PATH_LENGTH|INVALID_(?:CA|PURPOSE)/;

function handshakeError(error: Error, host: string): ForetasteError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return new ForetasteError(
      'connection-terminated',
      `Expected a TLS handshake but ${host} broke the connection.`,
      {
        cause: error,
      },
    );
  }
  // Alerts of the other side have CERT in their names too, and are no fault of its certificate.
  const certificate = CERTIFICATE.test(code) && !code.startsWith('ERR_SSL');
  return new ForetasteError(
    certificate ? 'tls-certificate-error' : 'tls-protocol-error',
    `Expected ${certificate ? 'a certificate that verifies' : 'a TLS handshake'} from ${host} but received ${code || error.message}.`,
    { cause: error },
  );
}
