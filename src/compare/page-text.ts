/** The text of one page, prepared for comparison: blocks by key, sentences, and all its words in a row. */
import type { PageView, Region } from '../domain/index.ts';
import type { Masks } from './mask.ts';
import { Otherwise } from './otherwise.ts';
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
  #otherwise: Otherwise | undefined;

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

  /** What the page has in another way than `says` knows. */
  get otherwise(): Otherwise {
    this.#otherwise ??= new Otherwise(
      this.blocks.map(({ text }) => text),
      this.#hiddenText,
    );
    return this.#otherwise;
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
