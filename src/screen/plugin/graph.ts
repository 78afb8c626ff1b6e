/** Runs a tfjs graph model from a folder. Node only; in a worker thread. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve, sep } from 'node:path';
import type * as converter from '@tensorflow/tfjs-converter';
import type * as tfjs from '@tensorflow/tfjs-core';
import { ForetasteError, type ImageView } from '../../domain/index.ts';
import { openTensors, type Tensors } from '../image/tensors.ts';
import { readAnswer } from './answer.ts';
import type { PluginAnswer } from './plugin.ts';

interface Graph {
  readonly tf: Tensors;
  readonly model: converter.GraphModel;
  readonly version: string;
}

const loaded = new Map<string, Promise<Graph>>();

/**
 * The model takes `[1, height, width, 3]`, RGB from 0 to 1; where its height and width are fixed, the middle of the picture
 * at native resolution. Its first output is one value from 0 to 1, or two that add up to 1 of which the second counts.
 * Throws ForetasteError `config` for a folder that holds no such model, `bad-request` for other outputs and small pictures.
 */
export async function askGraph(folder: string, view: ImageView): Promise<PluginAnswer> {
  const opening = loaded.get(folder) ?? open(folder);
  loaded.set(folder, opening);
  const { tf, model, version } = await opening;
  const [, height = -1, width = -1] = model.inputs[0]?.shape ?? [];
  const output = tf.tidy(() => {
    const given = pixelsFor(tf, view, height, width);
    const result = model.predict(given);
    const first = Array.isArray(result) ? result[0] : result;
    return Array.from((first as tfjs.Tensor).dataSync());
  });
  if (output.length !== 1 && output.length !== 2)
    throw new ForetasteError('bad-request', `Expected one or two numbers but received ${output.length}.`);
  const p = output.at(-1) as number;
  return readAnswer({ score: p, p, model: folder.split(sep).at(-1) ?? folder, version });
}

async function open(folder: string): Promise<Graph> {
  const { tf } = await openTensors();
  const require = createRequire(import.meta.url);
  const { loadGraphModel } = require('@tensorflow/tfjs-converter') as typeof converter;
  try {
    const text = readFileSync(join(folder, 'model.json'), 'utf8');
    const json = JSON.parse(text);
    const model = await loadGraphModel(handlerOf(folder, json));
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
    return { tf, model, version: String(json.userDefinedMetadata?.version ?? digest) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ForetasteError('config', `Expected a tfjs graph model in ${folder}: ${reason}`, { cause });
  }
}

/** Reads the weights that model.json names, from its own folder only. */
function handlerOf(folder: string, json: tfjs.io.ModelJSON): tfjs.io.IOHandler {
  const inside = (path: string): string => {
    const file = resolve(folder, path);
    if (file.startsWith(resolve(folder) + sep)) return file;
    throw new ForetasteError('config', `Expected weights inside the folder but received ${path}.`);
  };
  return {
    load: async () => {
      const weights = Buffer.concat(
        json.weightsManifest.flatMap(({ paths }) => paths.map((path) => readFileSync(inside(path)))),
      );
      return {
        modelTopology: json.modelTopology,
        format: json.format,
        ...(json.signature === undefined ? {} : { signature: json.signature }),
        weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
        weightData: new Uint8Array(weights).buffer,
      };
    },
  };
}

function pixelsFor(tf: Tensors, view: ImageView, wantedHeight: number, wantedWidth: number): tfjs.Tensor4D {
  const height = wantedHeight > 0 ? wantedHeight : view.height;
  const width = wantedWidth > 0 ? wantedWidth : view.width;
  if (view.width < width || view.height < height)
    throw new ForetasteError(
      'bad-request',
      `Expected at least ${width} x ${height} pixels but received ${view.width} x ${view.height}.`,
    );
  const left = Math.floor((view.width - width) / 2);
  const top = Math.floor((view.height - height) / 2);
  const values = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const from = 3 * ((top + y) * view.width + left);
    for (let i = 0; i < 3 * width; i += 1) values[3 * y * width + i] = view.pixels[from + i]! / 255;
  }
  return tf.tensor4d(values, [1, height, width, 3]);
}
