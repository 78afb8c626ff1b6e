/** Events of this process: told by the guard once they are durable, heard by whoever listens. */
import type { EventSink } from '../domain/ports.ts';
import type { Verdict } from '../domain/verdict.ts';

export interface GuardEvent {
  readonly kind: 'verdict' | 'review';
  readonly verdict: Verdict;
}

export interface EventHub extends EventSink {
  /** Returns what ends the subscription. `own`: the guard's bookkeeping, for which nobody need fetch a verdict. */
  subscribe(listener: (event: GuardEvent) => void, own?: 'own'): () => void;
  /** Somebody listens besides the guard's own bookkeeping. */
  readonly watched: boolean;
}

export function createEventHub(): EventHub {
  const listeners = new Set<(event: GuardEvent) => void>();
  let watchers = 0;
  const tell = (event: GuardEvent) => {
    for (const listener of listeners) listener(event);
  };
  return {
    verdict: (verdict) => tell({ kind: 'verdict', verdict }),
    review: (verdict) => tell({ kind: 'review', verdict }),
    subscribe: (listener, own) => {
      const watches = own === undefined ? 1 : 0;
      listeners.add(listener);
      watchers += watches;
      return () => {
        if (listeners.delete(listener)) watchers -= watches;
      };
    },
    get watched() {
      return watchers > 0;
    },
  };
}
