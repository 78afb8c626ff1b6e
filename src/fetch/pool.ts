/** Connections of one identity to one origin: a few at a time, used again while they are warm. */
import type { Milliseconds } from '../domain/index.ts';
import type { H1Connection } from './h1-connection.ts';
import type { H2Connection } from './h2-connection.ts';
import { givenUp } from './wire.ts';

export class Pool {
  /** The first connection on its way, as long as nobody knows which protocol the origin chooses. */
  opening: Promise<void> | undefined;
  #session: H2Connection | undefined;
  readonly #most: number;
  readonly #idle: H1Connection[] = [];
  readonly #busy = new Set<H1Connection>();
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
  async wait(signal: AbortSignal): Promise<void> {
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
      if (connection.usable) {
        this.#busy.add(connection);
        return connection;
      }
    }
    return undefined;
  }

  add(connection: H1Connection): void {
    this.#busy.add(connection);
  }

  /** `connection` has answered; it stays when it can answer again. */
  put(connection: H1Connection, reusable: boolean): void {
    this.#busy.delete(connection);
    if (reusable) this.#idle.push(connection);
  }

  /** Ends what has not moved in time. */
  sweep(now: Milliseconds): void {
    for (const connection of this.#busy) if (connection.deadline <= now) connection.expire();
    const kept = this.#idle.filter((connection) => connection.usable && connection.deadline > now);
    for (const connection of this.#idle) if (!kept.includes(connection)) connection.destroy();
    this.#idle.splice(0, this.#idle.length, ...kept);
  }

  close(): void {
    for (const connection of [...this.#idle, ...this.#busy]) connection.destroy();
    this.#session?.destroy();
    this.#idle.length = 0;
  }
}
