/** Training and runtime come to the same numbers, on the vectors that training wrote beside the shipped model. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseModel } from '../../../src/screen/image/model.ts';
import { createNetwork } from '../../../src/screen/image/network.ts';
import { scoreTiles } from '../../../src/screen/image/single.ts';
import { openWasm } from '../../../src/screen/image/tensors.ts';
import { TILE } from '../../../src/screen/image/tiles.ts';

interface Vector {
  readonly offset: number;
  readonly tiles: number;
  readonly carrier: {
    readonly form: 'lossless' | 'jpeg' | 'other';
    readonly quality: number;
    readonly subsampled: boolean;
  };
  readonly features: readonly number[];
  readonly tileLogits: readonly number[];
  readonly logit: number;
  readonly logOdds: number;
}

const shipped = (name: string): string => resolve(import.meta.dirname, '../../../src/screen/image', name);
const beside = (name: string): string => resolve(import.meta.dirname, name);
/** A checkout between two trainings may have none; then there is nothing to be equal to. */
const trained = existsSync(shipped('single-model.json')) && existsSync(beside('single-vectors.json'));

const FORMATS = { lossless: 'png', jpeg: 'jpeg', other: 'webp' } as const;

describe.skipIf(!trained)('parity', () => {
  it('holds for features, logits and log odds', async () => {
    const bytes = new Uint8Array(readFileSync(shipped('single-model.bin')));
    const weights = new Float32Array(bytes.buffer);
    const model = parseModel(readFileSync(shipped('single-model.json'), 'utf8'), weights.length);
    const network = createNetwork((await openWasm()).tf, model, weights);
    const { pictures } = JSON.parse(readFileSync(beside('single-vectors.json'), 'utf8')) as {
      pictures: Vector[];
    };
    const tiles = readFileSync(beside('single-vectors.bin'));
    expect(pictures.length).toBeGreaterThan(0);
    for (const { offset, tiles: count, carrier, features, tileLogits, logit, logOdds } of pictures) {
      const rgb = new Uint8Array(tiles.subarray(offset, offset + count * TILE * TILE * 3));
      const { form, quality, subsampled } = carrier;
      const encoding = {
        lossless: form === 'lossless',
        frames: 1,
        ...(form === 'jpeg' ? { quality } : {}),
        chroma: subsampled ? '4:2:0' : '4:4:4',
      };
      const score = scoreTiles(rgb, { format: FORMATS[form], encoding }, model, network);
      // Shares of values under a limit move by a few where float32 and float64 part.
      features.forEach((value, i) => {
        expect(Math.abs(value - score.features[i]!), `feature ${i}`).toBeLessThan(2e-3);
      });
      tileLogits.forEach((value, i) => {
        expect(score.tileLogits[i]).toBeCloseTo(value, 2);
      });
      expect(score.logit).toBeCloseTo(logit, 2);
      expect(score.logOdds).toBeCloseTo(logOdds, 1);
    }
  });
});
