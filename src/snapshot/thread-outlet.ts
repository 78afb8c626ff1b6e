/** The other end of a Thread: what runs in it sends messages, and waits while too many of them are not taken yet. */
import { parentPort } from 'node:worker_threads';
import { ForetasteError } from '../domain/index.ts';
import type { FromThread } from './thread.ts';

export interface Outlet<Message> {
  /** `moved`: memory that goes over to the other thread whole. */
  send(message: Message, moved?: readonly ArrayBuffer[]): Promise<void>;
}

/** Run the work of a thread. `ahead`: messages that may wait to be taken. Its errors reach who takes the messages. */
export async function runThread<Message>(
  ahead: number,
  work: (outlet: Outlet<Message>) => Promise<void>,
): Promise<void> {
  const port = parentPort;
  if (port === null) throw new ForetasteError('internal', 'Expected to run as a thread.');
  let waiting = 0;
  let wake: (() => void) | undefined;
  port.on('message', () => {
    waiting--;
    wake?.();
  });
  const post = (sent: FromThread<Message>, moved: readonly ArrayBuffer[] = []): void =>
    port.postMessage(sent, moved);
  try {
    await work({
      send: async (message, moved) => {
        post({ kind: 'message', message }, moved);
        waiting++;
        while (waiting >= ahead)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      },
    });
    post({ kind: 'end' });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof ForetasteError)
      post({ kind: 'error', code: cause.code, message, where: cause.where });
    else post({ kind: 'error', message });
  }
  port.close();
}
