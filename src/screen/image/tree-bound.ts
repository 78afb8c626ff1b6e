/** The most that boosted trees can come to while some of their numbers are not known yet. */
import type { Forest } from './trees.ts';

/**
 * An upper bound of `evaluateTrees` over all that the numbers from index `known` on can be; `values` holds those before it.
 * Each tree is taken at its best by itself, so the bound is seldom reached and never exceeded.
 */
export function highestTrees({ base, trees }: Forest, values: ArrayLike<number>, known: number): number {
  const highest = (tree: readonly number[], at: number): number => {
    const feature = tree[at]!;
    const number = tree[at + 1]!;
    if (feature < 0) return number;
    if (feature >= known) return Math.max(highest(tree, at + 3), highest(tree, tree[at + 2]!));
    return highest(tree, values[feature]! <= number ? at + 3 : tree[at + 2]!);
  };
  return trees.reduce((sum, tree) => sum + highest(tree, 0), base);
}
