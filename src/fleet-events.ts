/** What a worker tells the primary of verdicts it has made durable itself: many in one message, soon, and never waited for. */
import type { Milliseconds, Verdict } from './domain/index.ts';

/** Verdicts of a worker, for whoever listens at the primary. */
export interface Events {
  readonly kind: 'events';
  readonly verdicts: readonly Verdict[];
}

/** Soon enough for who watches, and rare enough that a message carries many: one costs more than what stands in it. */
const SOON: Milliseconds = 20;

export interface Teller {
  tell(verdict: Verdict): void;
  /** Sends what waits. */
  flush(): void;
}

export function createTeller(send: (events: Events) => void): Teller {
  let waiting: Verdict[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    const verdicts = waiting;
    waiting = [];
    send({ kind: 'events', verdicts });
  };
  return {
    tell: (verdict) => {
      waiting.push(verdict);
      if (waiting.length === 1) setTimeout(flush, SOON);
    },
    flush,
  };
}
