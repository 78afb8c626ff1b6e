/** Work behind the exchanges: one thing at a time, each once while it waits, never so much that it piles up. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from './domain/index.ts';

export interface Behind<T> {
  /** Whatever waits under `key` gives way to `what`. What finds no room is dropped: who needs it comes again. */
  add(key: string, what: T): void;
  /** Calls off what is under way, and ends. */
  close(): Promise<void>;
}

/**
 * `work` is called for one at a time, and says whether somebody outside was asked: then there is a pause. What it throws empties the
 * queue. No wait keeps the process alive.
 */
export function createBehind<T>(
  work: (what: T, signal: AbortSignal) => Promise<boolean>,
  { pause, most }: { pause: Milliseconds; most: number },
): Behind<T> {
  const stop = new AbortController();
  const { signal } = stop;
  const waiting = new Map<string, T>();
  let working: Promise<void> | undefined;

  const workAll = async () => {
    for (const [key, what] of waiting) {
      waiting.delete(key);
      const asked = await work(what, signal);
      if (signal.aborted) return;
      if (asked) await sleep(pause, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  const start = () => {
    working ??= workAll()
      .catch(() => waiting.clear())
      .finally(() => {
        working = undefined;
        if (waiting.size > 0 && !signal.aborted) start();
      });
  };
  return {
    add: (key, what) => {
      if (signal.aborted || (waiting.size >= most && !waiting.has(key))) return;
      waiting.set(key, what);
      start();
    },
    close: async () => {
      stop.abort();
      await working;
    },
  };
}

/** What `promise` gives, or undefined as soon as `signal` is aborted: a look-up of a name does not hear of signals. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const onAbort = () => resolve(undefined);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
