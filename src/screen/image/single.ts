/** Judges single pictures: features and network, fused by trees, read against the carrier. Portable. */
import type { PerturbationReport } from '../../domain/index.ts';
import { cannotTell, outcomeOf, rowFor } from './calibration.ts';
import type { Detector, HeatCells, Judged } from './detector.ts';
import type { SingleModel } from './model.ts';
import type { Network } from './network.ts';
import { FEATURES, singleFeatures } from './single-features.ts';
import { TILE, tilesOf } from './tiles.ts';
import { highestTrees } from './tree-bound.ts';
import { evaluateTrees } from './trees.ts';

/** What a picture's tiles came to; the same numbers as the training computed. */
export interface SingleScore {
  readonly tiles: number;
  readonly features: Float64Array;
  readonly tileLogits: Float32Array;
  readonly logit: number;
  readonly logOdds: number;
  readonly resampled: boolean;
}

/** `rgb` of tiles; see `tilesOf`. */
export function scoreTiles(
  rgb: Uint8Array,
  carrier: Pick<Judged, 'format' | 'encoding'>,
  { forest, resampled }: Pick<SingleModel, 'forest' | 'resampled'>,
  network: Network,
): SingleScore {
  const features = singleFeatures(rgb, carrier);
  return scoreFeatures(rgb, features, { forest, resampled }, network);
}

function scoreFeatures(
  rgb: Uint8Array,
  features: Float64Array,
  { forest, resampled }: Pick<SingleModel, 'forest' | 'resampled'>,
  network: Network,
): SingleScore {
  const { tiles: tileLogits, picture: logit } = network.logits(rgb);
  const values = Float64Array.of(...features, logit, Math.max(...tileLogits), Math.min(...tileLogits));
  return {
    tiles: tileLogits.length,
    features,
    tileLogits,
    logit,
    logOdds: evaluateTrees(forest, values),
    resampled: wasResampled(features, resampled),
  };
}

const wasResampled = (features: Float64Array, { weights, bias }: SingleModel['resampled']): boolean =>
  weights.reduce((sum, weight, i) => sum + weight * (features[i] ?? 0), bias) > 0;

export function createDetector(model: SingleModel, network: Network, backend: string): Detector {
  const name = `image/perturbed@${model.version}`;
  return {
    model: name,
    backend,
    judge: (picture): PerturbationReport => {
      const { origins, rgb } = tilesOf(picture);
      if (origins.length === 0)
        return { outcome: 'cannot-tell', reason: `It has less than ${TILE} pixels a side.`, model: name };
      const features = singleFeatures(rgb, picture);
      const resampled = wasResampled(features, model.resampled);
      const rows = origins.length < 4 ? model.small : model.calibration;
      const row = rowFor(rows, { ...picture, resampled });
      const threshold = row?.threshold ?? null;
      if (row === undefined || threshold === null) return cannotTell(row, name);
      // The network costs more than all else: it is run only where it can still change the outcome.
      const most = highestTrees(model.forest, features, FEATURES);
      if (most < threshold) return { ...outcomeOf(most, threshold, row, name), atMost: true };
      return outcomeOf(scoreFeatures(rgb, features, model, network).logOdds, threshold, row, name);
    },
    heat: (picture): HeatCells => {
      const { origins, rgb } = tilesOf(picture);
      if (origins.length === 0) return { cells: [] };
      const { logits, across } = network.cells(rgb);
      const side = TILE / across;
      const cells = origins.flatMap(({ left, top }, tile) =>
        Array.from({ length: across * across }, (_, i) => ({
          left: left + (i % across) * side,
          top: top + Math.floor(i / across) * side,
          side,
          logit: logits[tile * across * across + i] ?? 0,
        })),
      );
      return { cells };
    },
  };
}
