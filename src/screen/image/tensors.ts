/** What runs the network: TensorFlow's native library where it loads, else WebAssembly. Node only. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs-core';

/** The part of tfjs-core that is used, whichever package brings it. */
export type Tensors = typeof tfjs;

const require = createRequire(import.meta.url);

export interface OpenTensors {
  readonly tf: Tensors;
  readonly backend: 'tfjs-node' | 'wasm';
}

/** `FORETASTE_TENSORS=wasm` leaves the native library out. */
export async function openTensors(): Promise<OpenTensors> {
  const native = process.env['FORETASTE_TENSORS'] === 'wasm' ? undefined : openNative();
  return native === undefined ? openWasm() : { tf: native, backend: 'tfjs-node' };
}

/** Undefined where the optional package is not installed, or its library does not load or compute. */
export function openNative(): Tensors | undefined {
  try {
    // 4.22 calls util.isNullOrUndefined, which Node 23 removed; it fails at the first operation, so one is tried.
    const tf = require('@tensorflow/tfjs-node') as Tensors;
    const sum = tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(2)).dataSync()[0]);
    return sum === 3 ? tf : undefined;
  } catch {
    return undefined;
  }
}

export async function openWasm(): Promise<OpenTensors> {
  const tf = require('@tensorflow/tfjs-core') as Tensors;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  const folder = join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out');
  wasm.setWasmPaths(`${folder}/`);
  await tf.setBackend('wasm');
  await tf.ready();
  return { tf, backend: 'wasm' };
}
