/** Loads the weights for single pictures and what runs them, once a thread. Node only. */
import { existsSync, readFileSync } from 'node:fs';
import { ForetasteError } from '../../domain/index.ts';
import type { Detector } from './detector.ts';
import { parseModel } from './model.ts';
import { createNetwork } from './network.ts';
import { createDetector } from './single.ts';
import { openTensors } from './tensors.ts';

const MODEL = new URL('./single-model.json', import.meta.url);
const WEIGHTS = new URL('./single-model.bin', import.meta.url);

let loaded: Promise<Detector> | undefined;

/** Throws ForetasteError `config` without weights: no score is made up. */
export function loadDetector(): Promise<Detector> {
  loaded ??= load(MODEL, WEIGHTS);
  return loaded;
}

/** The same from other files. */
export async function load(modelFile: URL, weightsFile: URL): Promise<Detector> {
  if (!existsSync(modelFile) || !existsSync(weightsFile))
    throw new ForetasteError(
      'config',
      `Expected the weights of image/perturbed but found no ${modelFile.pathname.split('/').at(-1)}.`,
    );
  const bytes = readFileSync(weightsFile);
  const weights = new Float32Array(new Uint8Array(bytes).buffer);
  const model = parseModel(readFileSync(modelFile, 'utf8'), weights.length);
  const { tf, backend } = await openTensors();
  return createDetector(model, createNetwork(tf, model, weights), backend);
}
