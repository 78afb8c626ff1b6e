/** Evaluates boosted trees as fit.py writes them. */

/** Log odds before any tree, and trees of nodes `feature (-1 for a leaf), threshold or value, right child`, left next. */
export interface Forest {
  readonly base: number;
  readonly trees: ReadonlyArray<readonly number[]>;
}

/** Log odds of `values`. */
export function evaluateTrees({ base, trees }: Forest, values: ArrayLike<number>): number {
  let sum = base;
  for (const tree of trees) {
    let at = 0;
    for (;;) {
      const feature = tree[at]!;
      const number = tree[at + 1]!;
      if (feature < 0) {
        sum += number;
        break;
      }
      at = values[feature]! <= number ? at + 3 : tree[at + 2]!;
    }
  }
  return sum;
}
