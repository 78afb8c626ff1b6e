/** Threads take heavy work; what happens to one ends one task. */
import { afterAll, describe, expect, it } from 'vitest';
import { createThreads } from '../../src/screen/threads.ts';

const TASKS = new URL('./fixtures/tasks.ts', import.meta.url);
const threads = createThreads(TASKS, { threads: 1, waiting: 2, timeout: 4_000, heapMiB: 24 });
afterAll(() => threads.close());
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('threads', () => {
  it('give back what a task gave', async () => {
    expect(await threads.run('double', 21)).toBe(42);
  });

  it('throw what a task refused, with its code', async () => {
    expect(await refusal(threads.run('refuse', 0))).toMatchObject({
      name: 'ForetasteError',
      code: 'bad-request',
      message: 'Expected a picture but received none.',
    });
  });

  it.each([
    ['fail', 'internal', /a fault of ours/],
    ['die', 'internal', /Expected to die but the thread failed/],
    ['hang', 'too-large', /within 4 s/],
    ['swell', 'internal', /memory limit/],
  ])('outlive a task that is made to %s', async (name, code, message) => {
    const error = await refusal(threads.run(name, 0));
    expect(error).toMatchObject({ name: 'ForetasteError', code, message: expect.stringMatching(message) });
    expect(await threads.run('double', 1)).toBe(2);
  });

  it('refuse what would wait behind a full queue, and take more once there is room', async () => {
    const running = [1, 2, 3].map(() => threads.run('wait', 50));
    expect(await refusal(threads.run('double', 1))).toMatchObject({ code: 'busy', retryable: true });
    expect(await Promise.all(running)).toEqual([50, 50, 50]);
    expect(await threads.run('double', 4)).toBe(8);
  });
});
