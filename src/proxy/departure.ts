/** Whether a client has gone before its answer was complete. One for each request. */
import type { Signal } from '../domain/ports.ts';

/**
 * What an AbortController does, on an array: listeners of an AbortSignal that come and go with each request leave tables behind
 * in which V8 keeps every fourth exchange, all of it, until the next full collection (measured with --trace-gc-nvp).
 */
export class Departure implements Signal {
  aborted = false;
  readonly reason = undefined;
  #listeners: Array<() => void> = [];

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }
}
