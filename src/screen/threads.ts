/** Worker threads with a bounded queue and limits of time and memory. What happens to one ends one task. Node only. */
import { Piscina } from 'piscina';
import { type ErrorCode, ForetasteError, type Milliseconds } from '../domain/index.ts';

/** An idle thread goes: most of a crawl is not pictures. */
const IDLE_MS: Milliseconds = 30_000;

export interface ThreadLimits {
  readonly threads: number;
  /** Tasks that may wait beside those that run; one more is refused as `busy`. */
  readonly waiting: number;
  /** From when a thread takes a task up; then the thread is ended, and the task with it. */
  readonly timeout: Milliseconds;
  /** JavaScript heap of one thread. Pixels lie outside of it, under `limits.pixels`. */
  readonly heapMiB: number;
}

/** What a thread hands back: a value, or one of our errors, which would lose its class between threads. */
export type Outcome<T> =
  | { readonly value: T }
  | { readonly refused: { readonly code: ErrorCode; readonly message: string } };

/** In a thread: runs `work` and packs what it gave or refused. Other errors reject, and are the caller's `internal`. */
export async function outcomeOf<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof ForetasteError) return { refused: { code: error.code, message: error.message } };
    throw error;
  }
}

export interface Threads {
  /**
   * Runs the function that `file` exports as `name` in a thread. Throws ForetasteError: what the function refused; `busy`
   * with a full queue, `too-large` after `timeout`, `internal` where the thread failed or died.
   */
  run<T>(name: string, task: unknown, timeout?: Milliseconds): Promise<T>;
  close(): Promise<void>;
}

/** `file`: URL of a module whose exports take a task and resolve to an Outcome. `data` is there as piscina's workerData. */
export function createThreads(
  file: URL,
  { threads, waiting, timeout: usual, heapMiB }: ThreadLimits,
  data: unknown = undefined,
): Threads {
  let pool: Piscina<unknown, unknown> | undefined;
  let running = 0;
  const queue: Array<() => void> = [];
  // Piscina's own queue would count waiting as running time.
  const turn = (): Promise<void> | undefined => {
    if (running < threads) {
      running += 1;
      return undefined;
    }
    if (queue.length >= waiting)
      throw new ForetasteError('busy', `Expected at most ${waiting} looks to wait but one more came.`);
    return new Promise((resolve) => queue.push(resolve));
  };
  const done = (): void => {
    const next = queue.shift();
    if (next) next();
    else running -= 1;
  };
  return {
    async run<T>(name: string, task: unknown, timeout: Milliseconds = usual): Promise<T> {
      await turn();
      try {
        pool ??= new Piscina({
          filename: file.href,
          minThreads: 0,
          maxThreads: threads,
          idleTimeout: IDLE_MS,
          workerData: data,
          resourceLimits: { maxOldGenerationSizeMb: heapMiB },
        });
        const outcome = (await pool.run(task, {
          name,
          signal: AbortSignal.timeout(timeout),
        })) as Outcome<T>;
        if ('value' in outcome) return outcome.value;
        throw new ForetasteError(outcome.refused.code, outcome.refused.message);
      } catch (cause) {
        throw cause instanceof ForetasteError ? cause : failure(name, cause, timeout);
      } finally {
        done();
      }
    },
    async close() {
      await pool?.close({ force: true });
      pool = undefined;
    },
  };
}

function failure(name: string, cause: unknown, timeout: Milliseconds): ForetasteError {
  if (cause instanceof Error && cause.name === 'AbortError')
    return new ForetasteError(
      'too-large',
      `Expected to ${name} within ${timeout / 1000} s but it took longer.`,
      { cause },
    );
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ForetasteError('internal', `Expected to ${name} but the thread failed: ${reason}`, { cause });
}
