/** Two lists of blocks, aligned: what is equal, what changed and in which words, what stands on one side only. */
import { diffArrays, diffWordsWithSpace } from 'diff';
import type { Milliseconds } from '../domain/index.ts';

export interface Item {
  readonly text: string;
  /** Element or channel: `p`, `h2`, `hidden: display-none`. */
  readonly mark: string;
}

export interface Piece {
  readonly text: string;
  readonly changed: boolean;
}

export type Row =
  | { readonly kind: 'same'; readonly item: Item }
  | {
      readonly kind: 'changed';
      readonly left: Item;
      readonly right: Item;
      readonly was: Piece[];
      readonly is: Piece[];
    }
  /** `alone`: stands in no other reference either. */
  | { readonly kind: 'left'; readonly item: Item; readonly alone: boolean }
  | { readonly kind: 'right'; readonly item: Item };

export type Folded =
  | Row
  | { readonly kind: 'fold'; readonly what: 'same' | 'right'; readonly rows: readonly Row[] };

/** A page that no reader compares by eye; beyond it the rest is left out and said so. */
const MOST_ITEMS = 5000;
/** Aligning stops here and says what stands where without order: hostile pages may be made to be slow to compare. */
const TIMEOUT: Milliseconds = 400;
/** Words in common from which two blocks are one block that changed; under it they are two blocks. */
const ALIKE = 0.45;

const words = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

/** Words in common over words in the shorter: 0 none, 1 one contains the other. */
function likeness(a: Set<string>, b: Set<string>): number {
  const smaller = a.size < b.size ? a : b;
  const larger = a.size < b.size ? b : a;
  if (smaller.size === 0) return 0;
  let common = 0;
  for (const word of smaller) if (larger.has(word)) common += 1;
  return common / smaller.size;
}

const sameItem = (a: Item, b: Item): boolean => a.text === b.text && a.mark === b.mark;

/** Changed words of two blocks; whole blocks where they are too large to compare in time. */
export function changedWords(left: string, right: string): { was: Piece[]; is: Piece[] } {
  const parts = diffWordsWithSpace(left, right, { timeout: TIMEOUT }) ?? [
    { value: left, removed: true, added: false },
    { value: right, removed: false, added: true },
  ];
  const was: Piece[] = [];
  const is: Piece[] = [];
  for (const { value, added, removed } of parts) {
    if (!added) was.push({ text: value, changed: removed });
    if (!removed) is.push({ text: value, changed: added });
  }
  return { was, is };
}

/** Pair blocks of a changed stretch that are alike, in order; the rest stands alone. */
function pair(left: readonly Item[], right: readonly Item[], elsewhere: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const rightWords = right.map(({ text }) => words(text));
  let next = 0;
  for (const item of left) {
    const own = words(item.text);
    // A window of 12: beyond it two blocks of one stretch are no longer the same place.
    const match = rightWords.findIndex(
      (candidate, at) => at >= next && at < next + 12 && likeness(own, candidate) >= ALIKE,
    );
    const partner = right[match];
    if (partner === undefined) {
      rows.push({ kind: 'left', item, alone: !elsewhere.has(item.text) });
      continue;
    }
    for (const skipped of right.slice(next, match)) rows.push({ kind: 'right', item: skipped });
    rows.push({ kind: 'changed', left: item, right: partner, ...changedWords(item.text, partner.text) });
    next = match + 1;
  }
  for (const item of right.slice(next)) rows.push({ kind: 'right', item });
  return rows;
}

/** Without order, for what cannot be aligned in time. */
function unordered(left: readonly Item[], right: readonly Item[], elsewhere: ReadonlySet<string>): Row[] {
  const there = new Set(right.map(({ text }) => text));
  const here = new Set(left.map(({ text }) => text));
  return [
    ...left.map((item): Row => {
      if (there.has(item.text)) return { kind: 'same', item };
      return { kind: 'left', item, alone: !elsewhere.has(item.text) };
    }),
    ...right.filter(({ text }) => !here.has(text)).map((item): Row => ({ kind: 'right', item })),
  ];
}

/**
 * Rows in reading order, `left` what the crawler got, `right` what one reference saw. `elsewhere` is the text of the
 * other references: what they have too is not the crawler's alone.
 */
export function align(left: readonly Item[], right: readonly Item[], elsewhere: ReadonlySet<string>): Row[] {
  const ours = left.slice(0, MOST_ITEMS);
  const theirs = right.slice(0, MOST_ITEMS);
  const parts = diffArrays([...ours], [...theirs], { comparator: sameItem, timeout: TIMEOUT });
  if (parts === undefined) return unordered(ours, theirs, elsewhere);
  const rows: Row[] = [];
  let removed: Item[] = [];
  let added: Item[] = [];
  const flush = (): void => {
    rows.push(...pair(removed, added, elsewhere));
    removed = [];
    added = [];
  };
  for (const part of parts) {
    if (part.removed) removed.push(...part.value);
    else if (part.added) added.push(...part.value);
    else {
      flush();
      for (const item of part.value) rows.push({ kind: 'same', item });
    }
  }
  flush();
  return rows;
}

/**
 * The same for channels where the mark names the place: header fields, data by path, measures of a picture. Marks that
 * repeat are paired in order.
 */
export function alignByMark(
  left: readonly Item[],
  right: readonly Item[],
  elsewhere: ReadonlySet<string>,
): Row[] {
  const theirs = new Map<string, Item[]>();
  for (const item of right.slice(0, MOST_ITEMS))
    theirs.set(item.mark, [...(theirs.get(item.mark) ?? []), item]);
  const rows = left.slice(0, MOST_ITEMS).map((item): Row => {
    const partner = theirs.get(item.mark)?.shift();
    if (partner === undefined) return { kind: 'left', item, alone: !elsewhere.has(item.text) };
    if (partner.text === item.text) return { kind: 'same', item };
    return { kind: 'changed', left: item, right: partner, ...changedWords(item.text, partner.text) };
  });
  return [...rows, ...[...theirs.values()].flat().map((item): Row => ({ kind: 'right', item }))];
}

export const differences = (rows: readonly Row[]): number =>
  rows.filter(({ kind }) => kind !== 'same').length;

/** Rows of a run that only others saw which stay in sight; what a crawler lacks weighs less than what it got. */
const SHOWN_MISSING = 3;

/**
 * Fold runs of equal rows, keeping `context` of them beside each difference, and the rest of long runs that only
 * others saw. A run of one stays.
 */
export function fold(rows: readonly Row[], context = 1): Folded[] {
  const folded: Folded[] = [];
  let run: Row[] = [];
  const flush = (): void => {
    const [first] = run;
    if (first?.kind === 'same' && run.length > 1) folded.push({ kind: 'fold', what: 'same', rows: run });
    else if (first?.kind === 'right' && run.length > SHOWN_MISSING + 1) {
      folded.push(...run.slice(0, SHOWN_MISSING));
      folded.push({ kind: 'fold', what: 'right', rows: run.slice(SHOWN_MISSING) });
    } else folded.push(...run);
    run = [];
  };
  for (const [at, row] of rows.entries()) {
    const beside = rows.slice(Math.max(0, at - context), at + context + 1);
    const folds =
      row.kind === 'right' || (row.kind === 'same' && beside.every(({ kind }) => kind === 'same'));
    if (!folds || run[0]?.kind !== row.kind) flush();
    if (folds) run.push(row);
    else folded.push(row);
  }
  flush();
  return folded;
}
