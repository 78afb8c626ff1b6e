/** What a change inside a sentence changes: a number, a negation, a name; or only its spelling. */
import type { Hunk } from './align.ts';
import { MASK } from './words.ts';

/** In the order in which they are named when several are found. `spelling` and `wording` change no statement. */
export const CHANGES = [
  'negation',
  'number',
  'date',
  'unit',
  'qualifier',
  'name',
  'words',
  'spelling',
] as const;
export type Change = (typeof CHANGES)[number];

const list = (words: string): Set<string> => new Set(words.split(' '));

const NEGATIONS = list(
  "not no never none neither nor without cannot can't don't doesn't didn't isn't aren't wasn't weren't won't wouldn't shouldn't couldn't hasn't haven't hadn't hardly nicht kein keine keinen nie niemals ohne ne pas jamais sans non no nunca sin não nunca sem niet geen nooit не нет никогда без 不 没 無 非 無い ない",
);
const QUALIFIERS = list(
  'all every always only some few most many often sometimes rarely may might must should could can will possibly probably allegedly reportedly approximately about nearly exactly at least more less fewer than above below before after except unless if until increase increased increases decrease decreased decreases rise fell rose higher lower maximum minimum safe unsafe true false legal illegal alle jeder immer nur manche oft selten',
);
const UNITS = list(
  'mg µg mcg kg g ng ml l dl cm mm m km nm ft in mi lb oz ms s min h hour hours minute minutes second seconds day days week weeks month months year years percent % ‰ bn m k gb mb tb kb w kw mw gw v hz khz mhz ghz °c °f hundred thousand million billion trillion dozen dollars euros pounds cents tonnes tons miles metres meters kilometres kilometers degrees $ € £ ¥',
);
const DATES = list(
  'january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow januar februar märz mai juni juli oktober dezember',
);
/** Little words that an editor adds or drops without saying anything else. */
const FILLERS = list(
  'a an the that which from via of to and or also just then so very in on at by for with der die das le la les el los las',
);
const PREFIXES = /^(?:un|in|im|il|ir|dis|non|de|anti|a|mis)/;

/**
 * What kinds of change the hunks from `from` to `to` make, most telling first; empty where there are none.
 * `shown` is the changed sentence as it stood, for its capitals.
 */
export function kindsOfChange(
  from: readonly string[],
  to: readonly string[],
  hunks: readonly Hunk[],
  shown: string,
): Change[] {
  const found = new Set(
    hunks.map((hunk) =>
      kindOf(from.slice(hunk.fromStart, hunk.fromEnd), to.slice(hunk.toStart, hunk.toEnd), hunk, to, shown),
    ),
  );
  found.delete(undefined);
  return CHANGES.filter((kind) => found.has(kind));
}

function kindOf(
  before: readonly string[],
  after: readonly string[],
  hunk: Hunk,
  to: readonly string[],
  shown: string,
): Change | undefined {
  const words = [...before, ...after];
  // A masked part came or went: it was volatile.
  if (words.every((word) => word === MASK)) return undefined;
  if (words.some((word) => NEGATIONS.has(word))) return 'negation';
  if (words.some((word) => /\d/.test(word) || word === '-')) return 'number';
  const [one, other] = [before[0] ?? '', after[0] ?? ''];
  const pair = before.length === 1 && after.length === 1;
  // Letters swapped make no other word that anybody means, not even of a word that matters.
  if (pair && one.length >= 4 && sorted(one) === sorted(other)) return 'spelling';
  if (words.some((word) => DATES.has(word))) return 'date';
  if (pair && isOpposite(one, other)) return 'negation';
  if (words.some((word) => UNITS.has(word))) return 'unit';
  if (words.some((word) => QUALIFIERS.has(word))) return 'qualifier';
  if (words.every((word) => FILLERS.has(word) || word === to[hunk.toStart - 1])) return 'spelling';
  if (before.join('') === after.join('')) return 'spelling';
  const isName =
    pair &&
    new RegExp(`(?<=\\S\\s[^\\p{L}]*)${escaped(other)}`, 'iu').exec(shown)?.[0].match(/^\p{Lu}/u) != null;
  if (pair && isMisspelling(one, other, isName)) return 'spelling';
  return isName ? 'name' : 'words';
}

export const isNegation = (word: string): boolean => NEGATIONS.has(word);
/** Whether a word by itself changes what a sentence says: a negation, a number. */
export const isTelling = (word: string): boolean => isNegation(word) || /\d/.test(word);

const sorted = (word: string): string => [...word].sort().join('');

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const isOpposite = (one: string, other: string): boolean =>
  one.replace(PREFIXES, '') === other ||
  other.replace(PREFIXES, '') === one ||
  (one.replace(PREFIXES, '') === other.replace(PREFIXES, '') && PREFIXES.test(one)) ||
  one.replace('hyper', 'hypo') === other ||
  other.replace('hyper', 'hypo') === one;

/** A letter or two off, in a word long enough to stay the same word; in names only letters swapped or doubled. */
function isMisspelling(one: string, other: string, isName: boolean): boolean {
  if (Math.min(one.length, other.length) < 4 || !/^\p{L}/u.test(one)) return false;
  if (one.replace(/(.)\1+/g, '$1') === other.replace(/(.)\1+/g, '$1')) return true;
  return !isName && lettersApart(one, other) <= (Math.min(one.length, other.length) > 6 ? 2 : 1);
}

/** Levenshtein distance, given up beyond 2. */
function lettersApart(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return 3;
  let previous = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const cost = one[row - 1] === other[column - 1] ? 0 : 1;
      current[column] = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
      );
    }
    previous = current;
  }
  return previous[other.length] ?? 3;
}
