/** How much of a page's content another capture of it holds: containment of word shingles, in both directions. */
import { wordsOf } from '../compare/words.ts';
import type { PageView, Ratio } from '../domain/index.ts';

/** Words of a shingle: long enough that two texts of one subject share few. @see Broder 1997, "On the resemblance and containment of documents" */
const SHINGLE = 5;
/** Under so many words in the content, all of the page is taken: menus and footers are all there is. */
export const FEWEST_WORDS = 20;

/** At least so much of what was captured still stands, and at most so much is new, for content to be similar. */
export const SIMILAR_TEXT = { kept: 0.8, fresh: 0.2 } as const;

export interface Likeness {
  /** Share of the earlier content's shingles that stand in the later one. */
  readonly kept: Ratio;
  /** Share of the later content's shingles that do not stand in the earlier one. */
  readonly fresh: Ratio;
  /** Shingles of the earlier content. */
  readonly size: number;
}

/** Undefined where either page has too few words to say anything. */
export function likenessOf(earlier: PageView, later: PageView): Likeness | undefined {
  const [before, after] = contentOf(earlier, later);
  if (before.size === 0 || after.size === 0) return undefined;
  let common = 0;
  for (const shingle of before) if (after.has(shingle)) common++;
  return { kept: common / before.size, fresh: 1 - common / after.size, size: before.size };
}

/** What is new is not asked where it is not known. */
export const isSimilarText = ({ kept, fresh = 0 }: { kept: Ratio; fresh?: Ratio }): boolean =>
  kept >= SIMILAR_TEXT.kept && fresh <= SIMILAR_TEXT.fresh;

/** Shingles of the main content of both; of the whole pages where one of them has hardly any. */
function contentOf(...pages: readonly [PageView, PageView]): [Set<string>, Set<string>] {
  const main = pages.map((page) => wordsIn(page, false));
  const whole = main.some(({ length }) => length < FEWEST_WORDS);
  const [before = [], after = []] = whole ? pages.map((page) => wordsIn(page, true)) : main;
  return [shinglesOf(before), shinglesOf(after)];
}

/** Words of the main content, or of the whole page, in order. */
export const wordsIn = ({ blocks, code }: Pick<PageView, 'blocks' | 'code'>, whole: boolean): string[] => [
  ...blocks.flatMap(({ text, region }) => (whole || region === 'main' ? wordsOf(text) : [])),
  // A memo that is all preformatted has no other text.
  ...(whole ? code.flatMap(({ text }) => wordsOf(text)) : []),
];

export function shinglesOf(words: readonly string[]): Set<string> {
  const shingles = new Set<string>();
  for (let at = 0; at + SHINGLE <= words.length; at++) shingles.add(words.slice(at, at + SHINGLE).join(' '));
  return shingles;
}
