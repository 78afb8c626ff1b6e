/** The convolutional part: learned high-pass, four layers, one logit a tile and one a picture. Portable over tfjs-core. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Layer, SingleModel } from './model.ts';
import { TILE } from './tiles.ts';

type Tensors = typeof tfjs;

/** Positions of the last layer that make one cell of the heat map, along each axis. */
const CELL = 4;

export interface Logits {
  readonly tiles: Float32Array;
  /** Head of the mean of all tiles. */
  readonly picture: number;
}

export interface Network {
  /** `rgb` of tiles as `tilesOf` gives it; at least one. */
  logits(rgb: Uint8Array): Logits;
  /** Logits of cells, tile by tile, row by row; `across` cells a side. */
  cells(rgb: Uint8Array): { readonly logits: Float32Array; readonly across: number };
}

export function createNetwork(tf: Tensors, { layers }: SingleModel, weights: Float32Array): Network {
  const tensor = ({ shape, offset }: Layer): tfjs.Tensor =>
    tf.tensor(weights.subarray(offset, offset + shape.reduce((product, n) => product * n, 1)), [...shape]);
  const bias = ({ shape, biasOffset }: Layer): tfjs.Tensor1D =>
    tf.tensor1d(weights.subarray(biasOffset, biasOffset + (shape.at(-1) ?? 0)));
  const kernels = layers.map((layer) => ({ ...layer, weights: tensor(layer), bias: bias(layer) }));
  const convolutions = kernels.filter(({ shape }) => shape.length === 4);
  const dense = kernels.filter(({ shape }) => shape.length === 2);

  const features = (rgb: Uint8Array): tfjs.Tensor4D => {
    const floats = new Float32Array(rgb.length);
    for (let i = 0; i < rgb.length; i += 1) floats[i] = (rgb[i]! - 127.5) / 32;
    return convolutions.reduce<tfjs.Tensor4D>(
      (x, { weights: filter, bias: b, stride, activation }) =>
        tf.fused.conv2d({
          x,
          filter: filter as tfjs.Tensor4D,
          strides: stride,
          pad: 'same',
          bias: b,
          activation: activation ?? 'relu',
        }),
      tf.tensor4d(floats, [rgb.length / (TILE * TILE * 3), TILE, TILE, 3]),
    );
  };
  const head = (means: tfjs.Tensor2D): tfjs.Tensor2D =>
    dense.reduce<tfjs.Tensor2D>(
      (x, { weights: matrix, bias: b }, at) =>
        tf.fused.matMul({
          a: x,
          b: matrix as tfjs.Tensor2D,
          bias: b,
          activation: at < dense.length - 1 ? 'relu' : 'linear',
        }) as tfjs.Tensor2D,
      means,
    );

  return {
    logits: (rgb) =>
      tf.tidy(() => {
        const tiles = tf.mean(features(rgb), [1, 2]) as tfjs.Tensor2D;
        const picture = tf.mean(tiles, 0, true) as tfjs.Tensor2D;
        const all = head(tf.concat([tiles, picture], 0)).dataSync() as Float32Array;
        return { tiles: all.slice(0, -1), picture: all.at(-1) ?? 0 };
      }),
    cells: (rgb) =>
      tf.tidy(() => {
        const map = tf.avgPool(features(rgb), CELL, CELL, 'valid');
        const [tiles, across, , channels] = map.shape;
        const logits = head(tf.reshape(map, [tiles * across * across, channels]));
        return { logits: (logits.dataSync() as Float32Array).slice(), across };
      }),
  };
}
