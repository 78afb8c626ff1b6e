/** Connections of one identity to one origin: a few at a time, used again while they are warm. */
import type { Milliseconds, Signal } from '../domain/index.ts';
import type { H1Connection } from './h1-connection.ts';
import type { H2Connection } from './h2-connection.ts';
import { givenUp } from './wire.ts';

export class Pool {
  /** The first connection on its way, as long as nobody knows which protocol the origin chooses. */
  opening: Promise<void> | undefined;
  #session: H2Connection | undefined;
  readonly #most: number;
  readonly #idle: H1Connection[] = [];
  /**
   * Idle and busy ones. Nothing is added or removed for a request: a Set that lives long and changes all the time leaves tables
   * behind that keep each other, and what they hold, alive until the next full collection.
   */
  readonly #all: H1Connection[] = [];
  readonly #waiting: Array<() => void> = [];
  #slots = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get empty(): boolean {
    return this.#slots === 0 && this.#idle.length === 0 && this.session === undefined;
  }

  /** The HTTP/2 connection that carries all requests, where the origin chose HTTP/2. */
  get session(): H2Connection | undefined {
    return this.#session?.usable ? this.#session : undefined;
  }

  set session(session: H2Connection) {
    this.#session = session;
  }

  /** Takes one of the origin's places, where one is free. */
  enter(): boolean {
    if (this.#slots >= this.#most) return false;
    this.#slots += 1;
    return true;
  }

  /** Waits for one of the origin's places; rejects with the signal's reason. */
  async wait(signal: Signal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => {
      const at = this.#waiting.indexOf(resolve);
      if (at !== -1) this.#waiting.splice(at, 1);
      reject(givenUp(signal));
    };
    this.#waiting.push(resolve);
    signal.addEventListener('abort', onAbort);
    await promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  /** Gives the place on. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#slots -= 1;
    else next();
  }

  /** The warmest idle connection: the one used last is the least likely to be closing. */
  take(): H1Connection | undefined {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (connection.usable) return connection;
      this.#forget(connection);
    }
    return undefined;
  }

  add(connection: H1Connection): void {
    this.#all.push(connection);
  }

  /** `connection` has answered; it stays when it can answer again. */
  put(connection: H1Connection, reusable: boolean): void {
    if (reusable) this.#idle.push(connection);
    else this.#forget(connection);
  }

  /** Ends what has not moved in time. */
  sweep(now: Milliseconds): void {
    for (const connection of [...this.#all]) {
      const at = this.#idle.indexOf(connection);
      if (at === -1) {
        if (connection.deadline <= now) connection.expire();
      } else if (connection.deadline <= now || !connection.usable) {
        this.#idle.splice(at, 1);
        this.#forget(connection);
        connection.destroy();
      }
    }
  }

  close(): void {
    for (const connection of this.#all) connection.destroy();
    this.#session?.destroy();
    this.#idle.length = 0;
  }

  #forget(connection: H1Connection): void {
    const at = this.#all.indexOf(connection);
    if (at !== -1) this.#all.splice(at, 1);
  }
}
