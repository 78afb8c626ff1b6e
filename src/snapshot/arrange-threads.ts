/** Arrange the partitions of a segment in threads that take turns: sorting is what sealing costs. */
import { ForetasteError } from '../domain/index.ts';
import type { Arranged, ArrangeTask } from './arrange.ts';
import type { PlaceholderCount, PlaceholderVotes } from './placeholders.ts';
import { PARTITIONS } from './spool.ts';
import { Thread } from './thread.ts';

const THREADS = 2;
/** Rows stand outside the heap; only their lists are in it. */
const HEAP_MIB = 256;

/** As arrangePartitions: the same partitions, in order. */
export async function* arrangeInThreads(
  task: Omit<ArrangeTask, 'share'>,
  placeholders: PlaceholderCount,
): AsyncGenerator<Arranged> {
  const threads = Array.from({ length: THREADS }, (_, first) => {
    const share = { first, stride: THREADS };
    return new Thread<Arranged | PlaceholderVotes>({
      file: new URL('./arrange-worker', import.meta.url),
      task: { ...task, share } satisfies ArrangeTask,
      heapMiB: HEAP_MIB,
    });
  });
  try {
    // Each thread sends its votes after its last partition.
    for (let turn = 0; turn < PARTITIONS + THREADS; turn++) {
      const sent = await threads[turn % THREADS]?.next();
      if (sent === undefined)
        throw new ForetasteError('internal', `Expected a partition of ${task.source} but its thread ended.`);
      if ('votes' in sent) placeholders.add(sent);
      else yield sent;
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()));
  }
}
