/** The thread that decodes row groups of one Parquet file and sends what it packed. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, ForetasteError } from '../../domain/index.ts';
import type { Batch, ReadOptions } from './format.ts';
import { readGroups, type Share } from './parquet-groups.ts';

export interface WorkerTask {
  readonly path: string;
  readonly options: Pick<ReadOptions, 'dataset' | 'columns' | 'labels' | 'after'>;
  readonly share: Share;
}

export type FromWorker =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'group-end' }
  | { readonly kind: 'suspicion'; readonly reason: string }
  | { readonly kind: 'error'; readonly code?: ErrorCode; readonly message: string; readonly where?: string }
  | { readonly kind: 'end' };

/** Batches sent and not yet taken: about 25 MiB, so that a thread works on while the other's group is consumed. */
const AHEAD = 32;

const port = parentPort;
if (port === null) throw new ForetasteError('internal', 'Expected to run as a thread.');

let waiting = 0;
let wake: (() => void) | undefined;
port.on('message', () => {
  waiting--;
  wake?.();
});

const send = (message: FromWorker): void => {
  const rows = message.kind === 'batch' ? message.batch.packed?.rows : undefined;
  port.postMessage(message, rows === undefined ? [] : [rows.buffer as ArrayBuffer]);
};

const { path, options, share } = workerData as WorkerTask;
try {
  const onSuspicion = (reason: string): void => send({ kind: 'suspicion', reason });
  for await (const batch of readGroups(path, { ...options, onSuspicion }, share)) {
    if (batch === undefined) {
      send({ kind: 'group-end' });
      continue;
    }
    send({ kind: 'batch', batch });
    waiting++;
    while (waiting >= AHEAD)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
  send({ kind: 'end' });
} catch (cause) {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof ForetasteError) send({ kind: 'error', code: cause.code, message, where: cause.where });
  else send({ kind: 'error', message });
}
port.close();
