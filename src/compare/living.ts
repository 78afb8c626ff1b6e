/** Living paths: where a page changes by itself, told from how the other views differ among themselves. */
import type { Ratio } from '../domain/index.ts';
import type { PageText, Sentence } from './page-text.ts';
import { holds, type Other, type Seen } from './seen.ts';

/**
 * Paths whose content lives, wherever in the page it lands this time. Either what the crawler has more at the ends of a list is
 * had by some references and not by others, as in lists of any length; or the references differ from one another there, in no fewer
 * blocks than the crawler differs in.
 */
export function livingPaths(differing: readonly Sentence[], crawler: PageText, seen: Seen): Set<string> {
  const pathOf = (sentence: Sentence, page: PageText) => page.blocks[sentence.block]?.path ?? '';
  const all = [...seen.references, ...seen.repeats];
  const patterns = new Map<string, Set<string>>();
  const blocks = new Map<string, Set<number>>();
  for (const sentence of differing) {
    const path = pathOf(sentence, crawler);
    const pattern = all.map((other) => (holds(other, sentence) ? 1 : 0)).join('');
    patterns.set(path, (patterns.get(path) ?? new Set()).add(pattern));
    blocks.set(path, (blocks.get(path) ?? new Set()).add(sentence.block));
  }
  const living = new Set(
    [...patterns.keys()].filter(
      (path) =>
        (patterns.get(path)?.size ?? 0) > 1 && areAtTheEnds(path, blocks.get(path) ?? new Set(), crawler),
    ),
  );
  // A reference that got something of what the crawler got there was lied to as well: its difference from the others is no noise.
  const deceived = (other: Other, path: string) =>
    differing.some((sentence) => pathOf(sentence, crawler) === path && holds(other, sentence));
  const sides = new Map(
    [...blocks.keys()].map((path) => [path, seen.references.filter((other) => !deceived(other, path))]),
  );
  // What all of those have and the crawler has not is no noise either: it is what was replaced.
  const noisy = all.map((other) => {
    const counts = new Map<string, Set<number>>();
    for (const sentence of other.own) {
      const path = pathOf(sentence, other.page);
      const honest = sides.get(path);
      if (!honest || honest.every((rival) => rival === other || rival.page.says(sentence))) continue;
      counts.set(path, (counts.get(path) ?? new Set()).add(sentence.block));
    }
    return counts;
  });
  for (const [path, { size }] of blocks) {
    const honest = sides.get(path) ?? [];
    const among = honest.filter((other) => noisy[all.indexOf(other)]?.has(path)).length;
    const most = Math.max(0, ...noisy.map((counts) => counts.get(path)?.size ?? 0));
    if (honest.length >= 2 && among >= 1 && size <= most) living.add(path);
  }
  return living;
}

/** Blocks from which more at the end of a list is a list that was loaded further. */
const FEWEST_LOADED = 5;

/** Paths of lists whose first or last blocks the crawler got and no other view has: loaded further, or added to. */
export function longerLists(differing: readonly Sentence[], crawler: PageText): Set<string> {
  const blocks = new Map<string, Set<number>>();
  for (const { block } of differing) {
    const path = crawler.blocks[block]?.path ?? '';
    blocks.set(path, (blocks.get(path) ?? new Set()).add(block));
  }
  return new Set(
    [...blocks]
      .filter(([path, found]) => found.size >= FEWEST_LOADED && isTail(path, found, crawler))
      .map(([path]) => path),
  );
}

/** Share of what stands from the first new block on, or up to the last: some of it may stand elsewhere in the page as well. */
const MOSTLY: Ratio = 0.8;

/** Whether these blocks are most of an end of what stands at the path, and something stands before or after them. */
function isTail(path: string, differing: ReadonlySet<number>, page: PageText): boolean {
  const differs = page.blocks.flatMap((block, at) => (block.path === path ? [differing.has(at)] : []));
  const [from, to] = [differs.indexOf(true), differs.lastIndexOf(true)];
  return (
    (from > 0 && differing.size / (differs.length - from) >= MOSTLY) ||
    (to < differs.length - 1 && differing.size / (to + 1) >= MOSTLY)
  );
}

/** Whether these blocks are the first or the last ones at their path, with no gap: a list that was cut elsewhere. */
function areAtTheEnds(path: string, differing: ReadonlySet<number>, page: PageText): boolean {
  const differs = page.blocks.flatMap((block, at) => (block.path === path ? [differing.has(at)] : []));
  const [first, last] = [differs.indexOf(false), differs.lastIndexOf(false)];
  return first === -1 || !differs.slice(first, last + 1).includes(true);
}
