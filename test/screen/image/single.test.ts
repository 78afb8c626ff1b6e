/** What runs the model of single pictures: tiles, network, calibration, heat map. The weights here mean nothing. */
import { describe, expect, it } from 'vitest';
import { cannotTell, outcomeOf, probabilityAt, rowFor } from '../../../src/screen/image/calibration.ts';
import { parseModel } from '../../../src/screen/image/model.ts';
import { createNetwork } from '../../../src/screen/image/network.ts';
import { createDetector } from '../../../src/screen/image/single.ts';
import { FEATURES, singleFeatures } from '../../../src/screen/image/single-features.ts';
import { openNative, openWasm } from '../../../src/screen/image/tensors.ts';
import { TILE, tilesOf } from '../../../src/screen/image/tiles.ts';
import { scene } from '../../origin/pictures.ts';
import { untrainedModel } from './untrained.ts';

const { model, weights } = untrainedModel();
const { tf } = await openWasm();
const network = createNetwork(tf, model, weights);
const detector = createDetector(model, network, 'wasm');
const pictureOf = (width: number, height: number) => ({
  width,
  height,
  pixels: scene(6, width, height),
  format: 'png',
  encoding: { lossless: true, frames: 1 },
});

describe('tiles', () => {
  it.each([
    [127, 600, 0],
    [128, 128, 1],
    [159, 400, 2],
    [160, 160, 4],
    [320, 240, 4],
  ])('of %d x %d pixels are %d, on multiples of 8', (width, height, count) => {
    const { origins, rgb } = tilesOf(pictureOf(width, height));
    expect(origins).toHaveLength(count);
    expect(rgb.length).toBe(count * TILE * TILE * 3);
    for (const { left, top } of origins) {
      expect([left % 8, top % 8]).toEqual([0, 0]);
      expect(left + TILE <= width && top + TILE <= height).toBe(true);
    }
  });

  it('hold the pixels as they are', () => {
    const picture = pictureOf(200, 180);
    const { origins, rgb } = tilesOf(picture);
    const { left, top } = origins[3]!;
    const at = 3 * ((top + 5) * picture.width + left + 7);
    expect([...rgb.subarray(3 * (3 * TILE * TILE + 5 * TILE + 7)).subarray(0, 3)]).toEqual([
      ...picture.pixels.subarray(at, at + 3),
    ]);
  });
});

describe('features', () => {
  it('are finite numbers, as many as the model takes, of any picture', () => {
    for (const level of [0, 128, 255]) {
      const values = singleFeatures(new Uint8Array(TILE * TILE * 3).fill(level), { format: 'jpeg' });
      expect(values).toHaveLength(FEATURES);
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('network', () => {
  it('gives a logit for each tile, and one for the picture that is not their mean', () => {
    const { tiles, picture } = network.logits(tilesOf(pictureOf(300, 300)).rgb);
    expect(tiles).toHaveLength(4);
    expect(Number.isFinite(picture)).toBe(true);
  });

  it('leaves no memory behind', () => {
    const { rgb } = tilesOf(pictureOf(300, 300));
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i += 1) network.logits(rgb);
    network.cells(rgb);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.skipIf(openNative() === undefined)(
    'gives the same on the native library as on WebAssembly (skipped where @tensorflow/tfjs-node does not load)',
    () => {
      const native = createNetwork(openNative() ?? tf, model, weights);
      const { rgb } = tilesOf(pictureOf(300, 300));
      const [one, other] = [network.logits(rgb), native.logits(rgb)];
      for (const [i, logit] of one.tiles.entries()) expect(other.tiles[i]).toBeCloseTo(logit, 2);
      expect(other.picture).toBeCloseTo(one.picture, 2);
    },
  );
});

describe('calibration', () => {
  it('takes the first row that fits the carrier', () => {
    const carrier = {
      format: 'jpeg',
      encoding: { lossless: false, quality: 85, frames: 1 },
      resampled: false,
    };
    expect(rowFor(model.calibration, carrier)?.carrier).toBe('jpeg');
    expect(rowFor(model.calibration, { ...carrier, format: 'avif' })?.carrier).toBe('other');
    expect(rowFor([], carrier)).toBeUndefined();
  });

  it('reads probabilities between knots, and holds them outside', () => {
    const { knots } = model.calibration[0]!;
    expect([-9, -4, 0, 4, 9].map((at) => probabilityAt(knots, at))).toEqual([0.01, 0.01, 0.5, 0.99, 0.99]);
  });

  it('says that it cannot tell, without a score, where the carrier cannot show it', () => {
    expect(cannotTell(rowFor(model.calibration, { format: 'webp', resampled: false }), 'm')).toEqual({
      outcome: 'cannot-tell',
      reason: 'A perturbation does not survive in such files well enough to be told (other).',
      carrier: 'other',
      model: 'm',
    });
    expect(cannotTell(undefined, 'm').outcome).toBe('cannot-tell');
  });

  it('reports a score with its threshold and the false alarms over it', () => {
    const row = model.calibration[0]!;
    expect(outcomeOf(3, 1, row, 'm')).toMatchObject({
      outcome: 'perturbed',
      threshold: 1,
      falseAlarms: { rate: 2 / 5000, upper: 0.0014, pictures: 5000 },
    });
    expect(outcomeOf(0.9, 1, row, 'm').outcome).toBe('nothing-found');
  });
});

describe('detector', () => {
  it('judges by the carrier', () => {
    expect(detector.judge(pictureOf(300, 300))).toMatchObject({
      carrier: 'lossless',
      model: 'image/perturbed@0',
    });
    expect(
      detector.judge({ ...pictureOf(300, 300), format: 'webp', encoding: { lossless: false, frames: 1 } }),
    ).toMatchObject({ outcome: 'cannot-tell' });
    expect(detector.judge(pictureOf(100, 300))).toEqual({
      outcome: 'cannot-tell',
      reason: 'It has less than 128 pixels a side.',
      model: 'image/perturbed@0',
    });
  });

  it('leaves the network out where it could not change the outcome, and says so', () => {
    let asked = 0;
    const counting = {
      ...network,
      logits: (rgb: Uint8Array) => {
        asked += 1;
        return network.logits(rgb);
      },
    };
    const judged = (threshold: number | null) => {
      const rows = [{ ...model.calibration[0]!, threshold }];
      const one = createDetector({ ...model, calibration: rows }, counting, 'wasm');
      return one.judge(pictureOf(300, 300));
    };
    // Its one tree gives 3 at most.
    expect(judged(3.5)).toMatchObject({ outcome: 'nothing-found', score: 3, atMost: true });
    expect(judged(null)).toMatchObject({ outcome: 'cannot-tell', carrier: 'lossless' });
    expect(asked).toBe(0);
    expect(judged(2.5)).not.toHaveProperty('atMost');
    expect(asked).toBe(1);
  });

  it('covers its tiles with cells of 32 pixels', () => {
    const { cells } = detector.heat(pictureOf(300, 300));
    expect(cells).toHaveLength(4 * 16);
    expect(cells[1]).toMatchObject({ left: 32 + cells[0]!.left, side: 32 });
    expect(detector.heat(pictureOf(90, 90)).cells).toEqual([]);
  });
});

describe('model file', () => {
  it('is refused with the place where it is wrong', () => {
    const text = (changed: object): string => JSON.stringify({ ...model, ...changed });
    expect(parseModel(text({}), weights.length).layers).toHaveLength(7);
    expect(() => parseModel(text({ tile: 64 }), weights.length)).toThrow(/at tile/);
    expect(() => parseModel(text({ calibration: [] }), weights.length)).toThrow(/at calibration/);
    expect(() => parseModel(text({}), 100)).toThrow(/weights of layer residual inside the file/);
  });
});
