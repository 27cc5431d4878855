import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../wasm-backend.js';

/** Where an array begins in the backend's memory. */
export const addressOf = (backend: WasmBackend, info: tf.TensorInfo): number =>
  backend.dataIdMap.get(info.dataId).memoryOffset;

export const entriesOf = (info: tf.TensorInfo): number => tf.util.sizeFromShape([...info.shape]);

/** A new float32 array, of whatever stood there. */
export const made = (backend: WasmBackend, shape: readonly number[]): tf.TensorInfo =>
  backend.makeOutput(shape, 'float32');
