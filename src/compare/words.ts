/** Texts as words, so that typography, case and markup make no difference. */

/** A masked part of a text; it stands for itself in comparisons. */
export const MASK = '\ue001';

// Numbers keep their separators; scripts without spaces go by character; signs that change meaning are words.
const WORD =
  /\d(?:[\d.,:/]*\d)?|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}]+(?:'\p{L}+)*|[%‰<>=≤≥≠±×÷−\p{Sc}\ue001]|(?<=^|[\s(])-(?=\d)/gu;

/** Characters that no font draws; what they carry is judged as hidden text. */
const INVISIBLE =
  /\u00ad|[\u200b-\u200f]|[\u2060-\u2064]|\ufeff|[\u{e0000}-\u{e007f}]|[\u{e0100}-\u{e01ef}]/gu;

const isAscii = (text: string): boolean => !/[^\x00-\x7f]/.test(text);

/** One spelling for texts that read the same: NFKC, lower case, straight quotes, nothing invisible. */
export function plain(text: string): string {
  const lower = text.toLowerCase();
  if (isAscii(lower)) return lower;
  return lower
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/[\u2018\u2019\u02bc\u2032]/g, "'");
}

/** The same for texts in ASCII, where it is five times faster. */
const ASCII_WORD = /\d(?:[\d.,:/]*\d)?|[a-z]+(?:'[a-z]+)*|[%<>=$]|(?<=^|[\s(])-(?=\d)/g;

export const wordsOf = (text: string): string[] => {
  const folded = plain(text);
  return folded.match(isAscii(folded) ? ASCII_WORD : WORD) ?? [];
};

/** Words in a row, as a string in which a row of words can be looked up: ` one two `. */
export const rowOf = (words: readonly string[]): string => ` ${words.join(' ')} `;

/** Words under which a part of a text is no sentence: `approx.` ended the one before it. */
const FEWEST_WORDS = 4;

/**
 * Sentences of a block, ends by punctuation before a capital, a digit or a quote; a text without any is one sentence. A part of
 * few words goes with the one before it, so that a number after an abbreviation is never alone.
 */
export function sentencesOf(text: string): string[] {
  const parts = text
    .split(/(?<=[.!?…]["'”’)\]]?)\s+(?=[\p{Lu}\p{N}"'“‘([])|(?<=[。！？])/u)
    .filter((part) => part !== '');
  const sentences: string[] = [];
  for (const part of parts) {
    const last = sentences.at(-1);
    if (last !== undefined && (isShort(part) || isShort(last)))
      sentences[sentences.length - 1] = `${last} ${part}`;
    else sentences.push(part);
  }
  return sentences;
}

/** A word without spaces has about two characters of those scripts that have none. */
const isShort = (part: string): boolean =>
  part.length < 40 &&
  !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(part) &&
  part.split(/\s+/).length < FEWEST_WORDS;
