/** Masking: volatile parts of texts and addresses give way to one mark. */
import { isShortFor, isVolatile, type VolatileRule } from '../rules/volatile.ts';
import { remembered } from './recent.ts';
import { MASK, rowOf, wordsOf } from './words.ts';

export interface Masks {
  /** The text with its volatile parts masked. `around`: what it is a part of, where some parts are volatile in short texts only. */
  text(text: string, around?: string): string;
  /** Its words in a row, volatile parts masked. */
  row(text: string): string;
  /** The address with random segments masked. */
  address(address: string): string;
  /** Whether a whole block is of a kind that changes by visitor: consent, greeting, promotion. */
  block(text: string): boolean;
  /** Whether values at this path live. */
  path(path: string): boolean;
}

/** Random parts of addresses: long hexadecimal, UUIDs, long mixtures of letters and digits. */
const RANDOM =
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<=[/=_-])[0-9a-f]{12,}(?=[/?&._-]|$)|(?<=[/=])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?=[/?&]|$)/gi;

/** Every volatile run has a digit, or one of these words: without them no pattern needs to be tried. */
const MAY_LIVE = /\d|\bago\b|\bjust now\b|©|copyright|\(c\)/i;

/** Longest block that a rule may set aside: longer prose is content, whatever it begins with. */
const LONGEST_BLOCK = 600;

export function masksOf(rules: readonly VolatileRule[]): Masks {
  const texts = rules
    .filter((rule) => rule.match.in === 'text')
    .flatMap((rule) =>
      rule.match.patterns.map((pattern) => ({ rule, pattern: new RegExp(pattern.source, 'giu') })),
    );
  const blocks = rules.filter((rule) => rule.match.in === 'block');
  const paths = rules.filter((rule) => rule.match.in === 'data');
  const masked = (text: string, around = text): string =>
    MAY_LIVE.test(text)
      ? texts.reduce(
          (left, { rule, pattern }) => (isShortFor(rule, around) ? left.replace(pattern, ` ${MASK} `) : left),
          text,
        )
      : text;
  return {
    text: masked,
    row: remembered((text) => rowOf(wordsOf(masked(text)))),
    // Most addresses have no digit, and then nothing random either.
    address: remembered((address) => (/\d/.test(address) ? address.replace(RANDOM, MASK) : address)),
    block: (text) => text.length <= LONGEST_BLOCK && blocks.some((rule) => isVolatile(rule, text)),
    path: (path) => paths.some((rule) => isVolatile(rule, path)),
  };
}
