/** TCP connections to addresses that were already decided on. */
import { connect, isIP, type Socket } from 'node:net';
import { ForetasteError, type Milliseconds } from '../domain/index.ts';

/** Next address after 250 ms without an answer (RFC 8305, section 5). */
const ATTEMPT_DELAY: Milliseconds = 250;

/**
 * Connect to the first of `addresses` that answers, with no delay set. Asks no DNS: what is dialled is what was given.
 * @throws ForetasteError `connection-refused`, `connection-timeout`, `connection-terminated`
 */
export function dial(
  addresses: readonly string[],
  port: number,
  options: { localAddress?: string; signal?: AbortSignal; timeout: Milliseconds },
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const [first = ''] = addresses;
  const socket = connect({
    host: addresses.length === 1 ? first : 'permitted.invalid',
    port,
    noDelay: true,
    localAddress: options.localAddress,
    autoSelectFamily: addresses.length > 1,
    autoSelectFamilyAttemptTimeout: ATTEMPT_DELAY,
    // Only ever asked for the placeholder above, and answers with what was looked at: nothing resolves twice.
    lookup: (_host, _options, done) => {
      done(
        null,
        addresses.map((address) => ({ address, family: isIP(address) })),
      );
    },
  });
  const give = (error: ForetasteError): void => {
    settle();
    socket.destroy();
    reject(error);
  };
  const where = `${first}:${port}`;
  const timer = setTimeout(() => {
    give(
      new ForetasteError('connection-timeout', `Expected ${where} to accept within ${options.timeout} ms.`),
    );
  }, options.timeout);
  const onAbort = (): void => {
    give(new ForetasteError('connection-terminated', `Connecting to ${where} was given up.`));
  };
  const onError = (error: Error): void => give(connectError(error, where));
  const onConnect = (): void => {
    settle();
    resolve(socket);
  };
  const settle = (): void => {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
    socket.off('error', onError).off('connect', onConnect);
    // A socket that fails between two owners must not end the process.
    socket.on('error', () => {});
  };
  socket.on('error', onError).on('connect', onConnect);
  options.signal?.addEventListener('abort', onAbort);
  if (options.signal?.aborted) onAbort();
  return promise;
}

function connectError(error: Error, where: string): ForetasteError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const named =
    code === 'ECONNREFUSED' || code.endsWith('UNREACH')
      ? 'connection-refused'
      : code === 'ETIMEDOUT' || code === 'ERR_SOCKET_CONNECTION_TIMEOUT'
        ? 'connection-timeout'
        : 'connection-terminated';
  return new ForetasteError(
    named,
    `Expected ${where} to accept a connection but received ${code || error.message}.`,
    {
      cause: error,
    },
  );
}
