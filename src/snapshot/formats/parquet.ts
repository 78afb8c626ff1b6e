/**
 * Parquet, read by threads of their own: the decoding is most of the work of an import, and what a hostile file makes a decoder ask for
 * ends the thread and not the process.
 */
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { type Bytes, ForetasteError } from '../../domain/index.ts';
import type { Batch, ReadOptions } from './format.ts';
import type { FromWorker, WorkerTask } from './parquet-worker.ts';

/** Below, starting a second thread takes longer than it saves. */
const LARGE: Bytes = 16 * 2 ** 20;
const MOST_THREADS = 2;
/** Old-generation heap of a thread: the rows of one group as views are some hundred MiB. */
const HEAP_MIB = 1536;

export async function* readParquet(path: string, options: ReadOptions): AsyncGenerator<Batch> {
  const { size } = await stat(path);
  const stride = size < LARGE ? 1 : MOST_THREADS;
  const threads = Array.from({ length: stride }, (_, first) => new Thread(path, options, { first, stride }));
  try {
    // Groups in the order of the file, whichever thread is ahead: a checkpoint says "up to this row".
    for (let group = 0; ; group++) {
      const thread = threads[group % stride];
      for (;;) {
        const message = await thread?.next();
        options.signal.throwIfAborted();
        if (message === undefined || message.kind === 'end') return;
        if (message.kind === 'group-end') break;
        if (message.kind === 'suspicion') options.onSuspicion(message.reason);
        if (message.kind === 'batch') yield withBuffer(message.batch);
      }
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}

/** What crosses between threads arrives as plain octets. */
function withBuffer(batch: Batch): Batch {
  if (batch.packed === undefined) return batch;
  const { rows } = batch.packed;
  return {
    ...batch,
    packed: { ...batch.packed, rows: Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength) },
  };
}

class Thread {
  readonly #worker: Worker;
  readonly #arrived: FromWorker[] = [];
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(path: string, { dataset, columns, labels, after }: ReadOptions, share: WorkerTask['share']) {
    const workerData: WorkerTask = { path, options: { dataset, columns, labels, after }, share };
    const file = new URL(
      `./parquet-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`,
      import.meta.url,
    );
    this.#worker = new Worker(file, {
      workerData,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
    });
    this.#worker.on('message', (message: FromWorker) => this.#arrive(message));
    this.#worker.on('error', (cause) =>
      this.#fail(cause instanceof Error ? cause : new Error(String(cause))),
    );
  }

  #arrive(message: FromWorker): void {
    if (message.kind === 'error') this.#fail(errorOf(message));
    else this.#arrived.push(message);
    this.#wake?.();
  }

  #fail(cause: Error): void {
    this.#failure ??= cause;
    this.#wake?.();
  }

  /** The next message, in order; what was sent before a failure comes before it. */
  async next(): Promise<FromWorker> {
    for (;;) {
      const message = this.#arrived.shift();
      if (message?.kind === 'batch') this.#worker.postMessage('taken');
      if (message !== undefined) return message;
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

const errorOf = ({ code, message, where }: Extract<FromWorker, { kind: 'error' }>): Error =>
  code === undefined ? new Error(message) : new ForetasteError(code, message, { where });
