/** A thread that hands over messages in order, and is let run ahead of who takes them only so far. */
import { Worker } from 'node:worker_threads';
import { type ErrorCode, ForetasteError } from '../domain/index.ts';

export type FromThread<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'error'; readonly code?: ErrorCode; readonly message: string; readonly where?: string }
  | { readonly kind: 'end' };

interface ThreadOptions {
  /** Of the file that runs, without its ending. */
  readonly file: URL;
  /** Handed to it as its workerData. */
  readonly task: unknown;
  /** Largest old-generation heap, MiB. */
  readonly heapMiB: number;
}

export class Thread<Message> {
  readonly #worker: Worker;
  readonly #arrived: Array<FromThread<Message>> = [];
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor({ file, task, heapMiB }: ThreadOptions) {
    // Sources run as they are, or built.
    const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`${file.href}.${ending}`), {
      workerData: task,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMiB },
    });
    this.#worker.on('message', (arrived: FromThread<Message>) => this.#arrive(arrived));
    this.#worker.on('error', (cause) =>
      this.#fail(cause instanceof Error ? cause : new Error(String(cause))),
    );
  }

  #arrive(arrived: FromThread<Message>): void {
    if (arrived.kind === 'error') this.#fail(errorOf(arrived));
    else this.#arrived.push(arrived);
    this.#wake?.();
  }

  #fail(cause: Error): void {
    this.#failure ??= cause;
    this.#wake?.();
  }

  /** The next message; undefined at the end. What was sent before a failure comes before it. */
  async next(): Promise<Message | undefined> {
    for (;;) {
      const arrived = this.#arrived.shift();
      if (arrived?.kind === 'message') {
        this.#worker.postMessage('taken');
        return arrived.message;
      }
      if (arrived !== undefined) return undefined;
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

const errorOf = ({ code, message, where }: Extract<FromThread<never>, { kind: 'error' }>): Error =>
  code === undefined ? new Error(message) : new ForetasteError(code, message, { where });
