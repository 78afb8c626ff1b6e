/** Events of this process: told by the guard once they are durable, heard by whoever listens. */
import type { EventSink } from '../domain/ports.ts';
import type { Verdict } from '../domain/verdict.ts';

export interface GuardEvent {
  readonly kind: 'verdict' | 'review';
  readonly verdict: Verdict;
}

export interface EventHub extends EventSink {
  /** Returns what ends the subscription. */
  subscribe(listener: (event: GuardEvent) => void): () => void;
}

export function createEventHub(): EventHub {
  const listeners = new Set<(event: GuardEvent) => void>();
  const tell = (event: GuardEvent) => {
    for (const listener of listeners) listener(event);
  };
  return {
    verdict: (verdict) => tell({ kind: 'verdict', verdict }),
    review: (verdict) => tell({ kind: 'review', verdict }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
