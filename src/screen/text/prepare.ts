/** Text made ready for matching: what a model would read, without the disguises that a pattern would stumble over. */
import { isAscii } from '../../view/ascii.ts';

/** Default-ignorable characters that stand inside words only to split them. */
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;

/** Cyrillic and Greek letters that look like Latin ones. @see Unicode UTS #39, confusables */
const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  і: 'i',
  ѕ: 's',
  ј: 'j',
  ԁ: 'd',
  һ: 'h',
  ո: 'n',
  ѵ: 'v',
  ԝ: 'w',
  ɡ: 'g',
  ı: 'i',
  А: 'A',
  В: 'B',
  Е: 'E',
  К: 'K',
  М: 'M',
  Н: 'H',
  О: 'O',
  Р: 'P',
  С: 'C',
  Т: 'T',
  Х: 'X',
  І: 'I',
  Ѕ: 'S',
  ο: 'o',
  ν: 'v',
  α: 'a',
  ρ: 'p',
  ι: 'i',
  κ: 'k',
  Α: 'A',
  Β: 'B',
  Ε: 'E',
  Ζ: 'Z',
  Η: 'H',
  Ι: 'I',
  Κ: 'K',
  Μ: 'M',
  Ν: 'N',
  Ο: 'O',
  Ρ: 'P',
  Τ: 'T',
  Υ: 'Y',
  Χ: 'X',
};

/** A word of Latin letters with others among them: nobody writes that by hand. */
const MIXED_WORD =
  /(?=[\p{L}]*\p{Script=Latin})(?=[\p{L}]*[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}])\p{L}{2,40}/gu;

/** Six or more single letters with a space between: `i g n o r e`. Words are two spaces or a stop apart. */
const SPACED_LETTERS = /(?<!\p{L})\p{L}(?: \p{L}(?!\p{L})){5,80}/gu;

/** NFKC, nothing invisible, look-alikes and letter-spacing undone, white space folded to single spaces. */
export const prepare = (text: string): string =>
  (isAscii(text) ? text : undisguised(text))
    .replace(SPACED_LETTERS, (run) => run.replaceAll(' ', ''))
    // Single spaces are left alone: replacing each by itself is ten times slower.
    .replace(/\s{2,}|[^\S ]/g, ' ')
    .trim();

const undisguised = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(IGNORABLE, '')
    .replace(MIXED_WORD, (word) => word.replace(/./gu, (letter) => LOOKALIKES[letter] ?? letter));
