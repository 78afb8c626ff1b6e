/** TCP connections to addresses that were already decided on. */
import { connect, type Socket } from 'node:net';
import { ForetasteError, type Milliseconds, type Signal } from '../domain/index.ts';

/** The next address joins the race after 250 ms without an answer (RFC 8305, section 5). */
const ATTEMPT_DELAY: Milliseconds = 250;

export interface DialOptions {
  readonly localAddress?: string;
  readonly signal?: Signal;
  readonly timeout: Milliseconds;
}

/**
 * Connect to the first of `addresses` that answers, with no delay set. Asks no DNS: what is dialled is what was given.
 * Attempts race: a slow one goes on while the next begins, where Node's own `autoSelectFamily` gives it up.
 * @throws ForetasteError `connection-refused`, `connection-timeout`, `connection-terminated`
 */
export function dial(addresses: readonly string[], port: number, options: DialOptions): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const where = `${addresses[0] ?? ''}:${port}`;
  const waiting = [...addresses];
  const racing = new Set<Socket>();
  let next: NodeJS.Timeout | undefined;

  const settle = (winner?: Socket): void => {
    clearTimeout(timer);
    clearTimeout(next);
    waiting.length = 0;
    options.signal?.removeEventListener('abort', onAbort);
    for (const socket of racing) if (socket !== winner) socket.destroy();
  };
  const giveUp = (error: ForetasteError): void => {
    settle();
    reject(error);
  };
  const attempt = (): void => {
    clearTimeout(next);
    const host = waiting.shift();
    if (host === undefined) return;
    const socket = connect({ host, port, noDelay: true, localAddress: options.localAddress });
    racing.add(socket);
    // Stays for good: a socket that fails between two owners must not end the process.
    socket.on('error', (error) => {
      racing.delete(socket);
      if (waiting.length > 0) attempt();
      else if (racing.size === 0) giveUp(connectError(error, where));
    });
    socket.once('connect', () => {
      settle(socket);
      racing.clear();
      resolve(socket);
    });
    if (waiting.length > 0) next = setTimeout(attempt, ATTEMPT_DELAY);
  };
  const timer = setTimeout(() => {
    giveUp(
      new ForetasteError('connection-timeout', `Expected ${where} to accept within ${options.timeout} ms.`),
    );
  }, options.timeout);
  const onAbort = (): void =>
    giveUp(new ForetasteError('connection-terminated', `Connecting to ${where} was given up.`));

  options.signal?.addEventListener('abort', onAbort);
  if (options.signal?.aborted) onAbort();
  else attempt();
  return promise;
}

function connectError(error: Error, where: string): ForetasteError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const named =
    code === 'ECONNREFUSED' || code.endsWith('UNREACH')
      ? 'connection-refused'
      : code === 'ETIMEDOUT'
        ? 'connection-timeout'
        : 'connection-terminated';
  return new ForetasteError(
    named,
    `Expected ${where} to accept a connection but received ${code || error.message}.`,
    { cause: error },
  );
}
