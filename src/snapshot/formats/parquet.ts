/**
 * Parquet, read by threads of their own: the decoding is most of the work of an import, and what a hostile file makes a decoder ask for
 * ends the thread and not the process.
 */
import { stat } from 'node:fs/promises';
import type { Bytes } from '../../domain/index.ts';
import { Thread } from '../thread.ts';
import type { Batch, ReadOptions } from './format.ts';
import type { FromWorker, WorkerTask } from './parquet-worker.ts';

/** Below, starting a second thread takes longer than it saves. */
const LARGE: Bytes = 16 * 2 ** 20;
const MOST_THREADS = 2;
/** Old-generation heap of a thread: the rows of one group as views are some hundred MiB. */
const HEAP_MIB = 1536;

export async function* readParquet(path: string, options: ReadOptions): AsyncGenerator<Batch> {
  const { dataset, columns, labels, texts, after } = options;
  const { size } = await stat(path);
  const stride = size < LARGE ? 1 : MOST_THREADS;
  const threads = Array.from({ length: stride }, (_, first) => {
    const task: WorkerTask = {
      path,
      options: { dataset, columns, labels, texts, after },
      share: { first, stride },
    };
    return new Thread<FromWorker>({
      file: new URL('./parquet-worker', import.meta.url),
      task,
      heapMiB: HEAP_MIB,
    });
  });
  try {
    // Groups in the order of the file, whichever thread is ahead: a checkpoint says "up to this row".
    for (let group = 0; ; group++) {
      const thread = threads[group % stride];
      for (;;) {
        const message = await thread?.next();
        options.signal.throwIfAborted();
        if (message === undefined) return;
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
