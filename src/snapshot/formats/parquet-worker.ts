/** The thread that decodes row groups of one Parquet file and sends what it packed. */
import { workerData } from 'node:worker_threads';
import { runThread } from '../thread-outlet.ts';
import type { Batch, ReadOptions } from './format.ts';
import { readGroups, type Share } from './parquet-groups.ts';

export interface WorkerTask {
  readonly path: string;
  readonly options: Pick<ReadOptions, 'dataset' | 'columns' | 'labels' | 'texts' | 'after'>;
  readonly share: Share;
}

export type FromWorker =
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'group-end' }
  | { readonly kind: 'suspicion'; readonly reason: string };

/** Messages sent and not yet taken: about 25 MiB, so that a thread works on while the other's group is consumed. */
const AHEAD = 32;

const { path, options, share } = workerData as WorkerTask;

await runThread<FromWorker>(AHEAD, async ({ send }) => {
  const suspicions: string[] = [];
  const onSuspicion = (reason: string): void => void suspicions.push(reason);
  for await (const batch of readGroups(path, { ...options, onSuspicion }, share)) {
    for (const reason of suspicions.splice(0)) await send({ kind: 'suspicion', reason });
    const moved = batch?.packed?.rows.buffer;
    if (batch === undefined) await send({ kind: 'group-end' });
    else await send({ kind: 'batch', batch }, moved === undefined ? [] : [moved as ArrayBuffer]);
  }
});
