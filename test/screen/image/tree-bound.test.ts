import { describe, expect, it } from 'vitest';
import { highestTrees } from '../../../src/screen/image/tree-bound.ts';
import { evaluateTrees } from '../../../src/screen/image/trees.ts';
import { chance } from '../../origin/pictures.ts';

/** Trees of depth three over four numbers. */
function randomForest(seed: number) {
  const draw = chance(seed);
  const grow = (depth: number, at: number): number[] => {
    if (depth === 0 || draw() < 0.2) return [-1, draw() - 0.5, 0];
    const left = grow(depth - 1, at + 3);
    const right = grow(depth - 1, at + 3 + left.length);
    return [Math.floor(4 * draw()), draw(), at + 3 + left.length, ...left, ...right];
  };
  return { base: draw(), trees: Array.from({ length: 20 }, () => grow(3, 0)) };
}

describe('the bound of trees', () => {
  it('is never exceeded, whatever is not known', () => {
    const draw = chance(3);
    for (let seed = 0; seed < 20; seed += 1) {
      const forest = randomForest(seed);
      for (let i = 0; i < 50; i += 1) {
        const values = [draw(), draw(), draw(), draw()];
        expect(highestTrees(forest, values, 2)).toBeGreaterThanOrEqual(evaluateTrees(forest, values) - 1e-9);
      }
    }
  });

  it('is what the trees come to where all is known', () => {
    const forest = randomForest(7);
    expect(highestTrees(forest, [0.1, 0.9, 0.4, 0.6], 4)).toBeCloseTo(
      evaluateTrees(forest, [0.1, 0.9, 0.4, 0.6]),
      9,
    );
  });
});
