/** Whose turn it is: one request a host at a time, a pause after each, many hosts side by side. */

/** A URL whose host may be asked now; `finish` frees the host for its next one. */
export interface Turn {
  readonly url: string;
  finish(): void;
}

export interface ScheduleOptions {
  /** Pause after an answer of this host, in milliseconds. */
  readonly delayOf: (host: string) => number;
  /** URLs read ahead; a list in which one host has more of them in a row holds the others up. */
  readonly window: number;
  readonly clock: () => number;
  readonly sleep: (ms: number, wake: AbortSignal) => Promise<void>;
}

interface Host {
  readonly name: string;
  readonly queue: string[];
  busy: boolean;
  readyAt: number;
}

/** Gives out turns until `urls` is used up; then, and after `stop`, `undefined`. */
export class Schedule {
  readonly #urls: AsyncIterator<string>;
  readonly #options: ScheduleOptions;
  /** In the order in which they were last served. */
  readonly #hosts = new Map<string, Host>();
  #waiting = 0;
  #reading: Promise<void> | undefined;
  #exhausted = false;
  #stopped = false;
  #changed = Promise.withResolvers<void>();

  constructor(urls: AsyncIterable<string>, options: ScheduleOptions) {
    this.#urls = urls[Symbol.asyncIterator]();
    this.#options = options;
  }

  async next(): Promise<Turn | undefined> {
    for (;;) {
      if (this.#stopped) return undefined;
      if (!this.#exhausted && this.#waiting < this.#options.window) await this.#read();
      const now = this.#options.clock();
      this.#forget(now);
      const free = [...this.#hosts.values()].filter(({ busy, queue }) => !busy && queue.length > 0);
      const ready = free.find(({ readyAt }) => readyAt <= now);
      if (ready) return this.#take(ready);
      if (this.#waiting === 0 && this.#exhausted) return undefined;
      await this.#wait(Math.min(...free.map(({ readyAt }) => readyAt - now)));
    }
  }

  /** No more turns; those taken run to their end. */
  stop(): void {
    this.#stopped = true;
    this.#change();
  }

  #take(host: Host): Turn {
    const url = host.queue.shift() ?? '';
    this.#waiting -= 1;
    host.busy = true;
    this.#hosts.delete(host.name);
    this.#hosts.set(host.name, host);
    return {
      url,
      finish: () => {
        host.busy = false;
        host.readyAt = this.#options.clock() + this.#options.delayOf(host.name);
        this.#change();
      },
    };
  }

  /** Workers that find the window open at the same time share one reading. */
  #read(): Promise<void> {
    this.#reading ??= this.#fill().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #fill(): Promise<void> {
    while (!this.#exhausted && this.#waiting < this.#options.window) {
      const { done, value } = await this.#urls.next();
      if (done) this.#exhausted = true;
      else this.#add(value);
    }
  }

  /** Hosts whose pause is over and that nothing waits for; a list may hold millions. */
  #forget(now: number): void {
    for (const [name, { busy, queue, readyAt }] of this.#hosts) {
      if (!busy && queue.length === 0 && readyAt <= now) this.#hosts.delete(name);
    }
  }

  #add(url: string): void {
    const name = new URL(url).host;
    const host = this.#hosts.get(name) ?? { name, queue: [], busy: false, readyAt: 0 };
    host.queue.push(url);
    this.#waiting += 1;
    this.#hosts.set(name, host);
  }

  /** Until a host becomes ready or something has changed. */
  async #wait(ms: number): Promise<void> {
    const woken = new AbortController();
    const changed = this.#changed.promise.then(() => woken.abort());
    await (Number.isFinite(ms) ? this.#options.sleep(ms, woken.signal) : changed);
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
