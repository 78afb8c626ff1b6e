/** Predicts one copy of a picture from the other along the benign paths: filtering, tone, colour. */
import { solve } from '../../compare/image-align.ts';
import type { Plane } from '../../view/pixels.ts';

/** Luma and two colour differences, ITU-R BT.601. */
export type YCbCr = readonly [Plane, Plane, Plane];

export function toYCbCr([r, g, b]: readonly [Plane, Plane, Plane]): YCbCr {
  const { width, height } = r;
  const plane = (): Plane => ({ width, height, data: new Float32Array(width * height) });
  const [y, cb, cr] = [plane(), plane(), plane()];
  for (let i = 0; i < y.data.length; i += 1) {
    const luma = 0.299 * r.data[i]! + 0.587 * g.data[i]! + 0.114 * b.data[i]!;
    y.data[i] = luma;
    cb.data[i] = 0.564 * (b.data[i]! - luma);
    cr.data[i] = 0.713 * (r.data[i]! - luma);
  }
  return [y, cb, cr];
}

/** Pixels at each border that the filter does not reach. */
const MARGIN = 2;
/** Places in each ring of a 5 x 5 neighbourhood under its eight symmetries, outside the centre: they share one weight. */
const RING_SIZES = [4, 4, 4, 8, 4];

/** The plane itself and the mean of each ring around every pixel; at the border the pixel stands for its rings. */
function ringsOf({ width, height, data }: Plane): Float32Array[] {
  const rings = RING_SIZES.map(() => new Float32Array(data));
  const [edge, corner, far, knight, end] = rings as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [one, two] = [width, 2 * width];
  for (let y = MARGIN; y < height - MARGIN; y += 1) {
    for (let x = MARGIN; x < width - MARGIN; x += 1) {
      const at = y * width + x;
      edge[at] = (data[at - 1]! + data[at + 1]! + data[at - one]! + data[at + one]!) / 4;
      corner[at] =
        (data[at - one - 1]! + data[at - one + 1]! + data[at + one - 1]! + data[at + one + 1]!) / 4;
      far[at] = (data[at - 2]! + data[at + 2]! + data[at - two]! + data[at + two]!) / 4;
      const across = data[at - one - 2]! + data[at - one + 2]! + data[at + one - 2]! + data[at + one + 2]!;
      const down = data[at - two - 1]! + data[at - two + 1]! + data[at + two - 1]! + data[at + two + 1]!;
      knight[at] = (across + down) / 8;
      end[at] = (data[at - two - 2]! + data[at - two + 2]! + data[at + two - 2]! + data[at + two + 2]!) / 4;
    }
  }
  return [data, ...rings];
}

/** Least-squares mix of `inputs` and a constant that comes closest to `target`; what it leaves over. */
function residualOf(inputs: readonly Float32Array[], target: Plane): Plane {
  const { width, height } = target;
  const n = inputs.length + 1;
  const sums = new Float64Array(n * n);
  const right = new Float64Array(n);
  const row = new Float64Array(n).fill(1);
  // Every third pixel of every second row is plenty for a dozen weights.
  for (let y = MARGIN; y < height - MARGIN; y += 2) {
    for (let x = MARGIN + (y % 3); x < width - MARGIN; x += 3) {
      const at = y * width + x;
      for (let i = 0; i < inputs.length; i += 1) row[i] = inputs[i]![at]!;
      const wanted = target.data[at]!;
      for (let i = 0; i < n; i += 1) {
        const value = row[i]!;
        right[i]! += value * wanted;
        for (let j = i; j < n; j += 1) sums[i * n + j]! += value * row[j]!;
      }
    }
  }
  const normal = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (__, j) => {
      const sum = sums[Math.min(i, j) * n + Math.max(i, j)]!;
      return i === j ? sum * (1 + 1e-6) + 1e-3 : sum;
    }),
  );
  const weights = solve(normal, [...right]) ?? new Array<number>(n).fill(0);
  const data = new Float32Array(target.data);
  for (const [i, input] of inputs.entries()) {
    const weight = weights[i]!;
    for (let at = 0; at < data.length; at += 1) data[at]! -= weight * input[at]!;
  }
  const constant = weights[n - 1]!;
  for (let at = 0; at < data.length; at += 1) data[at]! -= constant;
  return { width, height, data };
}

/**
 * What is left of `target` after the best prediction from `source` by a symmetric 5 x 5 filter, a tone curve and a
 * mix of colours. Both cover the same part on the same grid.
 */
export function predictionResidual(source: YCbCr, target: YCbCr): YCbCr {
  const tone = new Float32Array(source[0].data);
  for (let i = 0; i < tone.length; i += 1) tone[i] = (tone[i]! * tone[i]!) / 255;
  const luma = residualOf([...ringsOf(source[0]), tone], target[0]);
  const colour = (own: 1 | 2, other: 1 | 2): Plane =>
    residualOf([...ringsOf(source[own]), source[other].data, source[0].data, tone], target[own]);
  return [luma, colour(1, 2), colour(2, 1)];
}
