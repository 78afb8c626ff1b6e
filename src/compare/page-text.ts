/** The text of one page, prepared for comparison: blocks by key, sentences, and all its words in a row. */
import type { PageView, Region } from '../domain/index.ts';
import { isNegation } from './change.ts';
import type { Masks } from './mask.ts';
import { plain, rowOf, sentencesOf, wordsOf } from './words.ts';

export interface Sentence {
  readonly text: string;
  readonly words: readonly string[];
  /** Words in a row; with volatile parts masked in `masked`. */
  readonly row: string;
  readonly masked: string;
  readonly maskedWords: readonly string[];
  /** Index of its block. */
  readonly block: number;
}

export interface PreparedBlock {
  readonly key: string;
  readonly text: string;
  readonly tag: string;
  readonly region: Region;
  readonly path: string;
}

/** Words of a menu entry or a label. */
const LONGEST_HIDDEN = 12;
/** Words of a label with a headline in it: `Read this article: ...`. */
const LONGEST_LABEL = 24;

/** Labels as words of their own and closed up, and all that the page shows closed up. */
interface Labels {
  readonly apart: readonly string[];
  readonly close: readonly string[];
  readonly shown: string;
}

/** Letters of a label that is looked for inside other words; shorter ones stand in every other word. */
const SHORTEST_STUCK = 4;

const isWord = (word: string): boolean => /\p{L}/u.test(word);

/** Words without the spaces between them, numbers set apart: no digit may come from two numbers. */
const closedUp = (words: readonly string[]): string =>
  words.map((word) => (/\d/.test(word) ? ` ${word} ` : word)).join('');

/** Whether `text` is what `shown` says, and some of these labels in between. */
function isShownBut(labels: readonly string[], text: string, shown: string, between: string): boolean {
  const rest = labels.reduce((left, label) => left.split(label).join(between), text);
  return rest !== text && (rest.trim() === '' || shown.includes(rest));
}

/** Everything is made when it is first needed: of two equal pages only the keys of the blocks ever are. */
export class PageText {
  readonly blocks: readonly PreparedBlock[];
  readonly keys: ReadonlySet<string>;
  readonly #masks: Masks;
  readonly #hiddenText: readonly string[];
  readonly #sentences = new Map<number, readonly Sentence[]>();
  #row: string | undefined;
  #masked: string | undefined;
  #hidden: string | undefined;
  #labels: Labels | undefined;

  constructor(view: PageView, masks: Masks) {
    this.#masks = masks;
    this.#hiddenText = view.hidden.map(({ text }) => text);
    const title =
      view.title === '' ? [] : [{ text: view.title, tag: 'title', region: 'main' as const, path: 'title' }];
    this.blocks = [...title, ...view.blocks].map((block) => ({ ...block, key: plain(block.text) }));
    this.keys = new Set(this.blocks.map((block) => block.key));
  }

  /** All words of the page in order. */
  get row(): string {
    this.#row ??= rowOf(this.blocks.flatMap((block) => wordsOf(block.text)));
    return this.#row;
  }

  get masked(): string {
    this.#masked ??= rowOf(this.blocks.flatMap((block) => wordsOf(this.#masks.text(block.text))));
    return this.#masked;
  }

  sentences(block: number): readonly Sentence[] {
    const known = this.#sentences.get(block);
    if (known) return known;
    const whole = this.blocks[block]?.text ?? '';
    const sentences = sentencesOf(whole).map((text): Sentence => {
      const words = wordsOf(text);
      const maskedWords = wordsOf(this.#masks.text(text, whole));
      return { text, words, row: rowOf(words), maskedWords, masked: rowOf(maskedWords), block };
    });
    this.#sentences.set(block, sentences);
    return sentences;
  }

  /**
   * Whether the page holds these words without showing all of them: hidden as a whole, or shown but for short labels that it
   * hides from readers, `Comments on` beside a number; they may stick to other words where the page that shows them has no
   * space, `MusicExpand the sub menu`.
   */
  hides(words: readonly string[]): boolean {
    const row = rowOf(words);
    if (this.hidden.includes(row)) return true;
    this.#labels ??= this.#labelsHidden();
    const { apart, close, shown } = this.#labels;
    return isShownBut(apart, row, this.row, ' ') || isShownBut(close, closedUp(words), shown, '');
  }

  /** Short hidden texts, longest first. One that turns a statement round, or a bare number, is no label. */
  #labelsHidden(): Labels {
    const labels = [...new Set(this.#hiddenText)]
      .map(wordsOf)
      .filter((words) => words.length <= LONGEST_LABEL && words.some(isWord) && !words.some(isNegation));
    const longestFirst = (texts: readonly string[]) =>
      [...texts].sort((one, other) => other.length - one.length);
    return {
      apart: longestFirst(labels.map(rowOf)),
      close: longestFirst(labels.map(closedUp).filter((label) => label.length >= SHORTEST_STUCK)),
      shown: closedUp(this.row.trim().split(' ')),
    };
  }

  /** Words that the page holds and does not show. */
  get hidden(): string {
    this.#hidden ??= rowOf(this.#hiddenText.flatMap(wordsOf));
    return this.#hidden;
  }

  /**
   * Whether these words stand in this page, in this order. A short text may be hidden here: a menu, a label for screen readers,
   * which a page simplified for robots shows. A long one may not, or poison would only need to be hidden from everybody else.
   */
  says(sentence: Sentence): boolean {
    if (sentence.words.length === 0 || this.row.includes(sentence.row)) return true;
    if (sentence.words.length <= LONGEST_HIDDEN && this.hidden.includes(sentence.row)) return true;
    // A sentence without a masked part stands in the masked page only where it stands in the page.
    return sentence.masked !== sentence.row && this.masked.includes(sentence.masked);
  }

  /** Sentences that `other` does not say. */
  exclusiveAgainst(other: PageText): Sentence[] {
    return this.blocks.flatMap((block, at) =>
      other.keys.has(block.key) ? [] : this.sentences(at).filter((sentence) => !other.says(sentence)),
    );
  }

  /** Characters of content. */
  get size(): number {
    return this.blocks.reduce((sum, { text, region }) => sum + (region === 'main' ? text.length : 0), 0);
  }
}
