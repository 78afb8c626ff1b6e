/** The text of one page, prepared for comparison: blocks by key, sentences, and all its words in a row. */
import type { PageView, Region } from '../domain/index.ts';
import { isTelling } from './change.ts';
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
  #labels: readonly string[] | undefined;

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
    const sentences = sentencesOf(this.blocks[block]?.text ?? '').map((text): Sentence => {
      const words = wordsOf(text);
      const maskedWords = wordsOf(this.#masks.text(text));
      return { text, words, row: rowOf(words), maskedWords, masked: rowOf(maskedWords), block };
    });
    this.#sentences.set(block, sentences);
    return sentences;
  }

  /**
   * Whether the page holds these words without showing all of them: hidden as a whole, or shown but for short labels that it
   * hides from readers, `Comments on` beside a number.
   */
  hides(sentence: Sentence): boolean {
    if (this.hidden.includes(sentence.row)) return true;
    let rest = sentence.row;
    for (const label of this.#labelsHidden) {
      if (rest.includes(label)) rest = rest.split(label).join(' ');
    }
    return rest !== sentence.row && (rest.trim() === '' || this.row.includes(rest));
  }

  /** Short hidden texts, longest first. One that turns a statement round or counts is no label. */
  get #labelsHidden(): readonly string[] {
    this.#labels ??= [...new Set(this.#hiddenText)]
      .map(wordsOf)
      .filter((words) => words.length > 0 && words.length <= LONGEST_LABEL && !words.some(isTelling))
      .map(rowOf)
      .sort((one, other) => other.length - one.length);
    return this.#labels;
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
