/** Reads exact counts of octets off a socket during a proxy's handshake, and gives back what was read too far. */
import type { Socket } from 'node:net';
import { type Bytes, ForetasteError, type Milliseconds, type Signal } from '../domain/index.ts';

export interface Octets {
  /** @throws ForetasteError `connection-terminated`, `connection-timeout` */
  take(count: Bytes): Promise<Buffer>;
  /** Everything through the first `end`, of at most `most` octets. */
  takeThrough(end: string, most: Bytes): Promise<Buffer>;
  /** Stops reading; the socket is as if only the taken octets had come. Idempotent. */
  release(): void;
}

export function octetsOf(
  socket: Socket,
  options: { timeout: Milliseconds; signal: Signal; where: string },
): Octets {
  let held: Buffer = Buffer.alloc(0);
  let failure: ForetasteError | undefined;
  let released = false;
  let wake: () => void = () => {};
  const give = (code: 'connection-terminated' | 'connection-timeout', message: string): void => {
    failure ??= new ForetasteError(code, message);
    wake();
  };
  const onData = (chunk: Buffer): void => {
    held = Buffer.concat([held, chunk]);
    wake();
  };
  const onClose = (): void =>
    give('connection-terminated', `Expected ${options.where} to answer but it closed.`);
  const onAbort = (): void =>
    give('connection-terminated', `The handshake with ${options.where} was given up.`);
  const timer = setTimeout(
    () => give('connection-timeout', `Expected ${options.where} to answer within ${options.timeout} ms.`),
    options.timeout,
  );
  socket.on('data', onData).on('end', onClose).on('close', onClose).on('error', onClose);
  options.signal.addEventListener('abort', onAbort);
  if (options.signal.aborted) onAbort();

  const until = async (ready: () => Bytes | undefined): Promise<Buffer> => {
    for (;;) {
      const count = ready();
      if (count !== undefined) {
        const taken = held.subarray(0, count);
        held = held.subarray(count);
        return taken;
      }
      if (failure !== undefined) throw failure;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
  };

  return {
    take: (count) => until(() => (held.length >= count ? count : undefined)),
    takeThrough: (end, most) =>
      until(() => {
        const at = held.indexOf(end, 0, 'latin1');
        if (at !== -1) return at + end.length;
        if (held.length > most)
          give('connection-terminated', `Expected ${options.where} to answer in ${most} octets.`);
        return undefined;
      }),
    release() {
      if (released) return;
      released = true;
      clearTimeout(timer);
      options.signal.removeEventListener('abort', onAbort);
      socket.off('data', onData).off('end', onClose).off('close', onClose).off('error', onClose);
      socket.pause();
      if (held.length > 0 && !socket.destroyed) socket.unshift(held);
    },
  };
}
