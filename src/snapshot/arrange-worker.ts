/** The thread that arranges every second partition of a segment, and in the end sends its votes on placeholders. */
import { workerData } from 'node:worker_threads';
import { type Arranged, type ArrangeTask, arrangePartitions } from './arrange.ts';
import { DIGEST_BYTES } from './digest.ts';
import { PlaceholderCount, type PlaceholderVotes } from './placeholders.ts';
import { runThread } from './thread-outlet.ts';

/** Partitions that wait to be written: at 4 billion rows one has 770 MB, at 100 million 19 MB. */
const AHEAD = 2;

const task = workerData as ArrangeTask;
const [digest] = task.layout.digests;
const placeholders = new PlaceholderCount(digest === undefined ? 0 : DIGEST_BYTES[digest.alg]);

await runThread<Arranged | PlaceholderVotes>(AHEAD, async ({ send }) => {
  for await (const arranged of arrangePartitions(task, placeholders))
    await send(arranged, [arranged.rows.buffer as ArrayBuffer, arranged.prints.buffer as ArrayBuffer]);
  await send(placeholders.state);
});
