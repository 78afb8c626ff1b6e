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

/** Rings of a 5 x 5 neighbourhood under its eight symmetries: offsets that share one filter weight. */
const RINGS: ReadonlyArray<ReadonlyArray<readonly [number, number]>> = [
  [[0, 0]],
  [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ],
  [
    [1, 1],
    [1, -1],
    [-1, 1],
    [-1, -1],
  ],
  [
    [2, 0],
    [-2, 0],
    [0, 2],
    [0, -2],
  ],
  [
    [2, 1],
    [2, -1],
    [-2, 1],
    [-2, -1],
    [1, 2],
    [1, -2],
    [-1, 2],
    [-1, -2],
  ],
  [
    [2, 2],
    [2, -2],
    [-2, 2],
    [-2, -2],
  ],
];
const MARGIN = 2;

/** Sums over each ring around every pixel, borders repeated. */
function ringsOf({ width, height, data }: Plane): Float32Array[] {
  return RINGS.map((offsets, ring) => {
    if (ring === 0) return data;
    const out = new Float32Array(data.length);
    for (let y = 0; y < height; y += 1) {
      for (const [dx, dy] of offsets) {
        const from = Math.max(0, Math.min(height - 1, y + dy)) * width;
        for (let x = 0; x < width; x += 1) {
          out[y * width + x]! += data[from + Math.max(0, Math.min(width - 1, x + dx))]!;
        }
      }
    }
    return out;
  });
}

/** Least-squares mix of `inputs` and a constant that comes closest to `target`; what it leaves over. */
function residualOf(inputs: readonly Float32Array[], target: Plane): Plane {
  const { width, height } = target;
  const n = inputs.length + 1;
  const normal = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const right = new Array<number>(n).fill(0);
  const row = new Float64Array(n).fill(1);
  // Every third pixel of every second row is plenty for a dozen weights.
  for (let y = MARGIN; y < height - MARGIN; y += 2) {
    for (let x = MARGIN + (y % 3); x < width - MARGIN; x += 3) {
      const at = y * width + x;
      for (let i = 0; i < inputs.length; i += 1) row[i] = inputs[i]![at]!;
      for (let i = 0; i < n; i += 1) {
        right[i]! += row[i]! * target.data[at]!;
        for (let j = i; j < n; j += 1) normal[i]![j]! += row[i]! * row[j]!;
      }
    }
  }
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) normal[i]![j] = normal[j]![i]!;
    normal[i]![i]! = normal[i]![i]! * (1 + 1e-6) + 1e-3;
  }
  const weights = solve(normal, right) ?? new Array<number>(n).fill(0);
  const data = new Float32Array(target.data);
  for (let i = 0; i < inputs.length; i += 1) {
    const input = inputs[i]!;
    const weight = weights[i]!;
    for (let at = 0; at < data.length; at += 1) data[at]! -= weight * input[at]!;
  }
  for (let at = 0; at < data.length; at += 1) data[at]! -= weights[n - 1]!;
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
