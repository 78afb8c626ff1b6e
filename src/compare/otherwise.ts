/** What a page has, though not as a sentence that it shows: hidden, with hidden texts in between, or with other blocks in between. */
import { isNegation } from './change.ts';
import { rowOf, wordsOf } from './words.ts';

/** Words from which a hidden text says something by itself, whatever stands around it. */
const STATEMENT = 6;
/** Letters of a label that is looked for inside other words; shorter ones stand in every other word. */
const SHORTEST_STUCK = 4;

/** Ways to begin a text with blocks that are followed at once. */
const MOST_ENDS = 64;

const isWord = (word: string): boolean => /\p{L}/u.test(word);

/** Words without the spaces between them, numbers set apart: no digit may come from two numbers. */
const closedUp = (words: readonly string[]): string =>
  words.map((word) => (/\d/.test(word) ? ` ${word} ` : word)).join('');

const longestFirst = (texts: readonly string[]): string[] =>
  [...texts].sort((one, other) => other.length - one.length);

/** Whether `text` is what `shown` says, and some of these labels in between. */
function isShownBut(labels: readonly string[], text: string, shown: string, between: string): boolean {
  const rest = labels.reduce((left, label) => left.split(label).join(between), text);
  return rest !== text && (rest.trim() === '' || shown.includes(rest));
}

export class Otherwise {
  readonly #row: string;
  readonly #hiddenRow: string;
  /** Hidden labels as words of their own and closed up; and what is shown closed up, block by block. */
  readonly #labels: readonly string[];
  readonly #stuck: readonly string[];
  readonly #blocks: readonly string[];

  /** `blocks` are shown in this order, `hidden` texts are not. */
  constructor(blocks: readonly string[], hidden: readonly string[]) {
    const words = blocks.map(wordsOf);
    // A few words that turn a statement round, or a bare number, are no label.
    const labels = [...new Set(hidden)]
      .map(wordsOf)
      .filter((label) => label.some(isWord) && (label.length >= STATEMENT || !label.some(isNegation)));
    this.#row = rowOf(words.flat());
    this.#hiddenRow = rowOf(hidden.flatMap(wordsOf));
    this.#labels = longestFirst(labels.map(rowOf));
    this.#stuck = longestFirst(labels.map(closedUp).filter((label) => label.length >= SHORTEST_STUCK));
    this.#blocks = words.map(closedUp).filter((block) => block !== '');
  }

  /**
   * Whether the page holds these words without showing all of them: hidden as a whole, or shown but for texts that it
   * hides from readers, `Comments on` beside a number. They may stick to other words where the page that shows them has no
   * space, `MusicExpand the sub menu`.
   */
  hides(words: readonly string[]): boolean {
    const row = rowOf(words);
    return (
      this.#hiddenRow.includes(row) ||
      isShownBut(this.#labels, row, this.#row, ' ') ||
      isShownBut(this.#stuck, closedUp(words), this.#blocks.join(''), '')
    );
  }

  /** Whether these are words of whole blocks in their order, others left out between them: a form was taken away, and they ran together. */
  showsInPieces(words: readonly string[]): boolean {
    const text = closedUp(words);
    // Ends of what has been found so far: `News` may be a block of its own, and the beginning of `Newsletter`.
    const ends = new Set([this.#pastLabels(text, 0)]);
    for (const block of this.#blocks) {
      for (const at of [...ends]) {
        if (text.startsWith(block, at) && ends.size < MOST_ENDS)
          ends.add(this.#pastLabels(text, at + block.length));
      }
    }
    return ends.has(text.length);
  }

  #pastLabels(text: string, from: number): number {
    let at = from;
    const label = () => this.#stuck.find((one) => text.startsWith(one, at));
    for (let next = label(); next !== undefined; next = label()) at += next.length;
    return at;
  }
}
