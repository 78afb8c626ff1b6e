/** What was read a moment ago: many exchanges of one source ask the same, and other processes may write the answer. */
import type { Clock, Milliseconds } from '../domain/units.ts';

/** How long another process may have known better; what this one writes is forgotten at once. */
const FRESH: Milliseconds = 1_000;
/** Answers held; when there are more, all are forgotten, which costs one read each. */
const MOST = 10_000;

export interface Recall<T> {
  /** What `read` gave within the last second, or gives now. A failed read is not held. */
  of(key: string, read: () => Promise<T>): Promise<T>;
  /** Something was written under `key`: a read that is under way may have missed it, so it is not held either. */
  forget(key: string): void;
}

export function recalling<T>(clock: Clock): Recall<T> {
  const held = new Map<string, { readonly until: Milliseconds; readonly answer: Promise<T> }>();
  return {
    of: (key, read) => {
      const now = clock();
      const known = held.get(key);
      if (known !== undefined && now < known.until) return known.answer;
      if (held.size >= MOST) held.clear();
      const answer = read();
      held.set(key, { until: now + FRESH, answer });
      answer.catch(() => held.delete(key));
      return answer;
    },
    forget: (key) => {
      held.delete(key);
    },
  };
}
