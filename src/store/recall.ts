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
  /** As `forget`, where it is known what was added: what is held is brought up to date instead. Nothing held is forgotten. */
  change(key: string, to: (known: NonNullable<T>) => T): void;
}

/** What is held under one key; forgotten where `answer` is undefined. */
interface Held<T> {
  until: Milliseconds;
  answer: Promise<T> | undefined;
  /** Once the answer has come. */
  known: { readonly value: T } | undefined;
}

export function recalling<T>(clock: Clock): Recall<T> {
  // Changed in place: a Map of which things are taken out all the time keeps what they held until the next full collection.
  const all = new Map<string, Held<T>>();
  const forget = (held: Held<T>): void => {
    held.answer = undefined;
    held.known = undefined;
  };
  return {
    of: (key, read) => {
      const now = clock();
      let held = all.get(key);
      if (held?.answer !== undefined && now < held.until) return held.answer;
      if (held === undefined) {
        if (all.size >= MOST) all.clear();
        held = { until: 0, answer: undefined, known: undefined };
        all.set(key, held);
      }
      const answer = read();
      const mine = held;
      Object.assign(mine, { until: now + FRESH, answer, known: undefined });
      answer.then(
        (value) => {
          if (mine.answer === answer) mine.known = { value };
        },
        () => {
          if (mine.answer === answer) forget(mine);
        },
      );
      return answer;
    },
    forget: (key) => {
      const held = all.get(key);
      if (held !== undefined) forget(held);
    },
    change: (key, to) => {
      const held = all.get(key);
      if (held === undefined) return;
      const known = held.known?.value;
      if (known === undefined || known === null) return forget(held);
      const value = to(known);
      held.known = { value };
      held.answer = Promise.resolve(value);
    },
  };
}
