/** Settle what one difference is: shared after all, the page's own life, or conditioned on who asks. */
import type { IdentityName } from '../domain/index.ts';

/** What another view has in the place of something the crawler got. */
export interface Sighting {
  /** It has the same. */
  readonly same: boolean;
  /** What it has instead, comparable; empty for nothing. */
  readonly instead: string;
}

export type State =
  /** Enough references have it. */
  | 'shared'
  /** It varies among those who should agree. */
  | 'noise'
  /** References part about evenly: two editions, and no evidence either way. */
  | 'contested'
  /** Whoever asks as the crawler gets it, nobody else does. */
  | 'conditioned'
  /** The crawler got it once; neither a repeat nor any reference did. */
  | 'once'
  /** More views are needed. */
  | 'open';

export interface Settlement {
  readonly state: State;
  /** Usable references, and how many of them lack it. */
  readonly references: number;
  readonly lacking: number;
  /** Repeats that have it, of all repeats. */
  readonly repeated: number;
  readonly repeats: number;
  /**
   * Factors of two by which conditioning explains the views better than a place that rotates between two contents, the
   * rotation that is hardest to tell from a lie.
   */
  readonly bits: number;
}

/** References that may lack what enough others have, by BR 3.2.2.9; under three views nothing is shared that one lacks. */
const allowedToLack = (references: number): number => (references < 3 ? 0 : references < 6 ? 1 : 2);

/** References that must lack it before it counts as conditioned: one could be a stale cache. */
const FEWEST_LACKING = 2;
/** Views other than the crawler's that must agree before something seen once is more than chance. */
const FEWEST_AGAINST_ONCE = 5;
/** References after which it is known that they part by no trait of theirs: two editions, one of them by chance rarer here. */
const FEWEST_OF_TWO_MINDS = 5;

/**
 * Whether those who have it and those who lack it part by profile or by perspective, as they do where somebody is lied to for
 * what they are. Editions that rotate part by chance.
 */
function isByIdentity(references: readonly Sighting[], names: readonly IdentityName[]): boolean {
  const sides = (part: 0 | 1, same: boolean) =>
    new Set(names.filter((_, at) => references[at]?.same === same).map((name) => name.split('@')[part]));
  return ([0, 1] as const).some((part) => {
    const lackers = sides(part, false);
    return ![...sides(part, true)].some((value) => lackers.has(value));
  });
}

/**
 * `need`: bits from which a difference is conditioned; less for changes that no rotation makes. `names`: the identities of the
 * references, in order.
 */
export function settle(
  references: readonly Sighting[],
  repeats: readonly Sighting[],
  need: number,
  names: readonly IdentityName[] = [],
): Settlement {
  const lackers = references.filter((sighting) => !sighting.same);
  const lacking = lackers.length;
  const having = references.length - lacking;
  const repeated = repeats.filter((sighting) => sighting.same).length;
  const bits = Math.max(0, lacking - 1) + repeated;
  const figures = { references: references.length, lacking, repeated, repeats: repeats.length, bits };
  const state = (): State => {
    if (lacking === 0 || lacking <= allowedToLack(references.length)) return 'shared';
    const instead = new Set(lackers.map((sighting) => sighting.instead));
    if (instead.size > 1) return 'noise';
    if (having * 3 > references.length && references.length >= 4) return 'contested';
    if (having * 3 > references.length) return 'open';
    const [other = ''] = instead;
    // The crawler's identity gets what the references have, too, and they get the crawler's: it rotates.
    const mixed = repeats.some((sighting) => !sighting.same && sighting.instead === other);
    if (mixed && having > 0) return 'noise';
    if (having > 0 && !isByIdentity(references, names))
      return references.length < FEWEST_OF_TWO_MINDS ? 'open' : 'contested';
    if (repeats.length === 0) return 'open';
    if (repeated > 0)
      return lacking >= FEWEST_LACKING && bits >= need + (mixed ? 1 : 0) ? 'conditioned' : 'open';
    const others = lacking + repeats.filter((sighting) => sighting.instead === other).length;
    if (others < FEWEST_AGAINST_ONCE || lacking < FEWEST_LACKING) return 'open';
    // Something new at every visit of the crawler and the same for everybody else: conditioned, though never repeated.
    return repeats.every((sighting) => sighting.instead !== other) ? 'conditioned' : 'once';
  };
  return { state: state(), ...figures };
}
