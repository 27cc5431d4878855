import * as tf from '@tensorflow/tfjs';
import type { State } from '../algebra/tree.js';
import { tensors } from './tensors.js';

/** As TensorFlow.js saves them. */
export interface NamedTensor {
  name: string;
  tensor: tf.Tensor;
}

/** What an optimizer remembers between steps. */
export interface Remembered {
  readonly step: number;
  readonly random: readonly number[];
  readonly state: State<tf.Tensor>;
}

/** The first tensor holds the state's structure and plain values as text, the others its arrays in order. */
const textName = 'fluxion/state';

/** A state as named tensors, such as `model.save` writes beside the weights. */
export function packState(remembered: Remembered): NamedTensor[] {
  const arrays: tf.Tensor[] = [];
  const text = JSON.stringify(encode(remembered as unknown as State<tf.Tensor>, arrays));
  const codes = Int32Array.from(new TextEncoder().encode(text));
  return [
    { name: textName, tensor: tf.tensor1d(codes, 'int32') },
    ...arrays.map((array, i) => ({ name: `fluxion/${i}`, tensor: array.clone() })),
  ];
}

/**
 * The inverse: arrays of its own.
 *
 * @throws TypeError where the weights are another optimizer's
 */
export async function unpackState(weights: readonly NamedTensor[]): Promise<Remembered> {
  const text = weights.find(({ name }) => name === textName);
  if (text === undefined) {
    throw new TypeError(
      `setWeights(weights): expected the state of an optimizer of asOptimizer, got ${weights.map(({ name }) => name)}`,
    );
  }
  const codes = Uint8Array.from(await text.tensor.data());
  const arrays = new Map(weights.map(({ name, tensor }) => [name, tensor]));
  return decode(JSON.parse(new TextDecoder().decode(codes)), arrays) as unknown as Remembered;
}

function encode(node: State<tf.Tensor>, arrays: tf.Tensor[]): unknown {
  if (tensors.isArray(node)) return { array: arrays.push(node) - 1 };
  if (typeof node === 'number')
    return Object.is(node, -0) || !Number.isFinite(node) ? { number: `${node === 0 ? '-0' : node}` } : node;
  if (Array.isArray(node)) return node.map((child) => encode(child, arrays));
  if (node === null || typeof node !== 'object') return node;
  return {
    record: Object.entries(node).map(([key, child]) => [key, encode(child as State<tf.Tensor>, arrays)]),
  };
}

function decode(node: unknown, arrays: ReadonlyMap<string, tf.Tensor>): State<tf.Tensor> {
  if (Array.isArray(node)) return node.map((child) => decode(child, arrays));
  if (node === null || typeof node !== 'object') return node as State<tf.Tensor>;
  if ('array' in node) return tf.keep((arrays.get(`fluxion/${node.array}`) as tf.Tensor).clone());
  if ('number' in node) return Number(node.number);
  const { record } = node as { record: [string, unknown][] };
  return Object.fromEntries(record.map(([key, child]) => [key, decode(child, arrays)]));
}
