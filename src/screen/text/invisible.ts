/** Characters that no reader sees: which of them carry a message, and what it says. */
import { isAscii } from '../../view/ascii.ts';

export type Carrier =
  /** Tag characters, one for each ASCII character. */
  | 'unicode-tags'
  /** Variation selectors, one for each byte. */
  | 'variation-selectors'
  /** Zero-width characters, as bits. */
  | 'zero-width'
  /** Overrides that show text in another order than a parser reads it. */
  | 'bidi-override';

export interface Smuggled {
  readonly carrier: Carrier;
  /** Characters in the run. */
  readonly length: number;
  /** What the run says; empty where it could not be read. */
  readonly message: string;
}

/** Flags of England, Scotland and Wales: a black flag, tags, an end tag. @see Unicode UTS #51, ED-14a */
const FLAG = /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,8}\u{E007F}/gu;
const TAGS = /[\u{E0001}\u{E0020}-\u{E007F}]{2,}/gu;
/** One selector after a character chooses its form (emoji, ideographs, Mongolian); two in a row choose nothing. */
const SELECTORS = /[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]{2,}/gu;
/**
 * Eight in a row are a byte. Fewer stand in honest text: joiners in emoji, Persian and Indic scripts, a break opportunity
 * in Thai or in long words, a byte order mark where files were joined.
 */
const ZERO_WIDTH = /[\u200B-\u200D\u2060-\u2064\uFEFF\u180E\u3164\uFFA0\u115F\u1160]{8,}/gu;
const OVERRIDE = /[\u202D\u202E]/gu;
/** Scripts written from right to left: there an override can be a careless editor's. */
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Every run of invisible characters in `text` that carries something, in the order of the carriers above. */
export function findSmuggled(text: string): Smuggled[] {
  if (isAscii(text)) return [];
  const unflagged = text.replace(FLAG, '');
  const runs = (carrier: Carrier, expression: RegExp, read: (run: string) => string): Smuggled[] =>
    [...unflagged.matchAll(expression)].map(([run]) => ({
      carrier,
      length: [...run].length,
      message: readable(read(run)),
    }));
  return [
    ...runs('unicode-tags', TAGS, tagsAsText),
    ...runs('variation-selectors', SELECTORS, selectorsAsText),
    ...runs('zero-width', ZERO_WIDTH, bitsAsText),
    ...(RIGHT_TO_LEFT.test(text) ? [] : runs('bidi-override', OVERRIDE, () => '')),
  ];
}

const points = (run: string): number[] => [...run].map((character) => character.codePointAt(0) ?? 0);

const tagsAsText = (run: string): string =>
  points(run)
    .map((point) => point - 0xe0000)
    .filter((ascii) => ascii >= 0x20 && ascii < 0x7f)
    .map((ascii) => String.fromCharCode(ascii))
    .join('');

/** Selectors 1-16 are the bytes 0-15, the supplement's the bytes 16-255. */
const selectorsAsText = (run: string): string =>
  asText(points(run).map((point) => (point >= 0xe0100 ? point - 0xe0100 + 16 : point - 0xfe00)));

/** Two different characters are bits in one of two ways; the reading that is printable wins. */
function bitsAsText(run: string): string {
  const symbols = [...new Set(run)];
  if (symbols.length !== 2) return '';
  const readings = symbols.map((one) =>
    asText(
      (run.match(/.{8}/gu) ?? []).map((byte) =>
        [...byte].reduce((value, symbol) => value * 2 + Number(symbol === one), 0),
      ),
    ),
  );
  return readings.find((reading) => readable(reading) !== '') ?? '';
}

const asText = (bytes: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(bytes));

/** Text without control and replacement characters, or nothing. */
const readable = (text: string): string => (/^[^\p{Cc}\uFFFD]*$/u.test(text) ? text : '');
