/** Block energies are those of the orthonormal DCT, and prediction leaves nothing of what the benign path does. */
import { describe, expect, it } from 'vitest';
import { BANDS, blockEnergies } from '../../../src/screen/image/blocks.ts';
import { predictionResidual, toYCbCr } from '../../../src/screen/image/predict.ts';
import { evaluateTrees } from '../../../src/screen/image/trees.ts';
import { type Plane, reduceRgb } from '../../../src/view/pixels.ts';
import { scene } from '../../origin/pictures.ts';

const side = 96;
const planes = reduceRgb({ width: side, height: side, pixels: scene(8, side, side) }, side, side);
/** Root mean square away from the border, where filters have no neighbours. */
const rms = ({ data }: Plane): number => {
  const inside = [...data].filter((_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return Math.min(x, y) >= 4 && Math.max(x, y) < side - 4;
  });
  return Math.sqrt(inside.reduce((sum, value) => sum + value * value, 0) / inside.length);
};

describe('block energies', () => {
  it('of one wave stand in its band alone', () => {
    const wave = (k: number, x: number): number => Math.cos((Math.PI / 16) * k * (2 * x + 1));
    const data = Float32Array.from({ length: 64 }, (_, i) => wave(2, i % 8) * wave(3, Math.floor(i / 8)));
    const energies = [...blockEnergies({ width: 8, height: 8, data }).energies].map((value) =>
      Number(value.toFixed(4)),
    );
    // Frequencies 2 and 3: the third band, of 13 coefficients, holds all 16 of energy.
    expect(energies).toEqual([0, 0, 1.2308, 0, 0, 0]);
  });

  it('ignore the mean and cover whole blocks only', () => {
    const flat = blockEnergies({ width: 20, height: 17, data: new Float32Array(340).fill(80) });
    expect([flat.across, flat.down, flat.energies.length]).toEqual([2, 2, 4 * BANDS]);
    expect(Math.max(...flat.energies)).toBeLessThan(1e-6);
  });
});

describe('prediction', () => {
  it('leaves nothing of tone and colour, little of a filter, all of something new', () => {
    const source = toYCbCr(planes);
    const toned = planes.map(({ data, ...size }) => ({
      ...size,
      data: data.map((value) => 0.9 * value + 8),
    })) as typeof planes;
    expect(rms(predictionResidual(source, toYCbCr(toned))[0])).toBeLessThan(0.05);
    const blurred = planes.map(({ data, ...size }) => ({
      ...size,
      data: data.map(
        (value, i) =>
          (2 * value +
            (data[i - 1] ?? value) +
            (data[i + 1] ?? value) +
            (data[i - side] ?? value) +
            (data[i + side] ?? value)) /
          6,
      ),
    })) as typeof planes;
    expect(rms(predictionResidual(source, toYCbCr(blurred))[0])).toBeLessThan(1);
    const added = planes.map(({ data, ...size }, k) => ({
      ...size,
      data: data.map((value, i) => value + 5 * Math.sin(i * 0.7 + k) * Math.sin(Math.floor(i / side) * 0.9)),
    })) as typeof planes;
    expect(rms(predictionResidual(source, toYCbCr(added))[0])).toBeGreaterThan(1);
  });
});

describe('trees', () => {
  it('go left up to the threshold, right above it, and add up', () => {
    const stump = [0, 1.5, 6, -1, -2, 0, -1, 3, 0];
    expect(evaluateTrees({ base: 1, trees: [stump] }, [1.5])).toBe(-1);
    expect(evaluateTrees({ base: 1, trees: [stump, stump] }, [1.6])).toBe(7);
  });
});
