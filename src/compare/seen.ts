/** The other views of an exchange, each with what it says that the crawler's view does not. */
import { likeness } from './align.ts';
import type { PageText, Sentence } from './page-text.ts';

export interface Seen {
  readonly references: readonly Other[];
  readonly repeats: readonly Other[];
}

/** Another view, with what it says that the crawler's does not. */
export interface Other {
  readonly page: PageText;
  readonly own: readonly Sentence[];
  readonly slots: ReadonlyMap<string, readonly Sentence[]>;
}

/** A sentence that is the beginning or the end of a longer one of theirs has lost what follows: a condition, an exception. */
const isCutBy = (sentence: Sentence, own: readonly Sentence[]): boolean =>
  own.some(
    (candidate) =>
      candidate.words.length > sentence.words.length &&
      candidate.row.includes(sentence.row) &&
      likeness(candidate.words, sentence.words) >= 0.4,
  );

/** Whether the other view says this sentence, and as a sentence of its own. */
export const holds = (other: Other, sentence: Sentence): boolean =>
  other.page.says(sentence) && !isCutBy(sentence, other.own);
