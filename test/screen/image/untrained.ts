/** A model of the right form whose weights mean nothing: for tests of what runs it, never for judging. */
import type { SingleModel } from '../../../src/screen/image/model.ts';
import { chance } from '../../origin/pictures.ts';

const SHAPES: ReadonlyArray<readonly [name: string, shape: number[], stride: number]> = [
  ['residual', [3, 3, 3, 16], 1],
  ['two', [3, 3, 16, 24], 2],
  ['three', [3, 3, 24, 32], 2],
  ['four', [3, 3, 32, 48], 2],
  ['five', [3, 3, 48, 64], 1],
  ['hidden', [64, 32], 1],
  ['logit', [32, 1], 1],
];

export function untrainedModel(): { model: SingleModel; weights: Float32Array } {
  const draw = chance(17);
  const values: number[] = [];
  const layers = SHAPES.map(([name, shape, stride]) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const fan = size / (shape.at(-1) ?? 1);
    const offset = values.length;
    for (let i = 0; i < size; i += 1) values.push((draw() - 0.5) * Math.sqrt(12 / fan));
    const biasOffset = values.length;
    for (let i = 0; i < (shape.at(-1) ?? 1); i += 1) values.push((draw() - 0.5) / 10);
    return { name, shape: shape as [number, number], stride, offset, biasOffset };
  });
  const row = (carrier: 'lossless' | 'jpeg' | 'other', threshold: number | null) => ({
    carrier,
    quality: [0, 101] as [number, number],
    subsampled: null,
    resampled: null,
    threshold,
    falseAlarms: { alarms: 2, of: 5000, upper: 0.0014 },
    knots: [
      [-4, 0.01],
      [4, 0.99],
    ] as Array<[number, number]>,
  });
  const rows = [row('lossless', 1), row('jpeg', 2), row('other', null)];
  return {
    model: {
      version: 0,
      tile: 128,
      layers,
      // One tree over the picture's logit, the 123rd number.
      forest: { base: 0, trees: [[122, 0, 6, -1, -3, 0, -1, 3, 0]] },
      resampled: { weights: new Array<number>(122).fill(0), bias: -1 },
      calibration: rows,
      small: rows,
    },
    weights: Float32Array.from(values),
  };
}
