/** Alignment: which sentence stands in the place of another, and where two of them differ. */
import type { Sentence } from './page-text.ts';

/** Share of words two sentences have in common to be versions of one: below it they are different sentences. */
const SAME_SENTENCE = 0.55;

/** Dice coefficient over words with their counts: 1 the same words, 0 none in common. */
export function likeness(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const word of one) counts.set(word, (counts.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of other) {
    const left = counts.get(word) ?? 0;
    if (left > 0) {
      common++;
      counts.set(word, left - 1);
    }
  }
  return (2 * common) / (one.length + other.length);
}

/** The sentence of `candidates` that is another version of this one, at least `least` alike; undefined where none is. */
export function versionOf(
  sentence: Sentence,
  candidates: readonly Sentence[],
  least = SAME_SENTENCE,
): Sentence | undefined {
  let best: Sentence | undefined;
  let most = least;
  for (const candidate of candidates) {
    const [short, long] = [sentence.maskedWords.length, candidate.maskedWords.length].sort((a, b) => a - b);
    if ((2 * (short ?? 0)) / ((short ?? 0) + (long ?? 0)) < most) continue;
    const value = likeness(sentence.maskedWords, candidate.maskedWords);
    if (value >= most) {
      most = value;
      best = candidate;
    }
  }
  return best;
}

/** Words `[fromStart, fromEnd)` of the one stand where words `[toStart, toEnd)` of the other stand. */
export interface Hunk {
  readonly fromStart: number;
  readonly fromEnd: number;
  readonly toStart: number;
  readonly toEnd: number;
}

/** Longest row of words that is aligned word by word; beyond it the whole is one change. */
const LONGEST = 400;

/** Where `to` differs from `from`, by the longest common subsequence of words. */
export function changesBetween(from: readonly string[], to: readonly string[]): Hunk[] {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let fromEnd = from.length;
  let toEnd = to.length;
  while (fromEnd > start && toEnd > start && from[fromEnd - 1] === to[toEnd - 1]) {
    fromEnd--;
    toEnd--;
  }
  if (fromEnd === start && toEnd === start) return [];
  if (fromEnd - start > LONGEST || toEnd - start > LONGEST)
    return [{ fromStart: start, fromEnd, toStart: start, toEnd }];
  return hunksOf(from.slice(start, fromEnd), to.slice(start, toEnd), start);
}

function hunksOf(from: readonly string[], to: readonly string[], offset: number): Hunk[] {
  const width = to.length + 1;
  const lengths = new Uint16Array((from.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = from.length - 1; row >= 0; row--) {
    for (let column = to.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        from[row] === to[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const hunks: Hunk[] = [];
  let [row, column] = [0, 0];
  while (row < from.length || column < to.length) {
    const [fromStart, toStart] = [row, column];
    while (
      (row < from.length || column < to.length) &&
      !(row < from.length && column < to.length && from[row] === to[column])
    ) {
      if (column >= to.length || (row < from.length && at(row + 1, column) >= at(row, column + 1))) row++;
      else column++;
    }
    if (row > fromStart || column > toStart) {
      hunks.push({
        fromStart: fromStart + offset,
        fromEnd: row + offset,
        toStart: toStart + offset,
        toEnd: column + offset,
      });
    }
    while (row < from.length && column < to.length && from[row] === to[column]) {
      row++;
      column++;
    }
  }
  return hunks;
}

/**
 * Changes from `versions[0]` to `sentence` at places where all versions agree with one another: what the versions disagree on
 * is their own life, a clock or a name, and no evidence.
 */
export function settledChanges(
  versions: ReadonlyArray<readonly string[]>,
  sentence: readonly string[],
): Hunk[] {
  const [first = [], ...others] = versions;
  const living = new Set<number>();
  const livingGaps = new Set<number>();
  for (const other of others) {
    for (const hunk of changesBetween(first, other)) {
      for (let word = hunk.fromStart; word < hunk.fromEnd; word++) living.add(word);
      if (hunk.fromEnd === hunk.fromStart) livingGaps.add(hunk.fromStart);
    }
  }
  return changesBetween(first, sentence).filter((hunk) => {
    if (hunk.fromStart === hunk.fromEnd) {
      return (
        !livingGaps.has(hunk.fromStart) && !living.has(hunk.fromStart) && !living.has(hunk.fromStart - 1)
      );
    }
    for (let word = hunk.fromStart; word < hunk.fromEnd; word++) if (!living.has(word)) return true;
    return false;
  });
}
