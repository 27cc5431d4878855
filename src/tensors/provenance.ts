import * as tf from '@tensorflow/tfjs';
import type { Call, Config, Kernel } from './kernel.js';

/** A product AᵀD that a backward pass made, with what it was made of: the gradient of W in A·W, D that of A·W. */
export interface Product {
  /** A, its last axis the inner one. */
  readonly inputs: tf.Tensor;
  /** D. */
  readonly errors: tf.Tensor;
}

/** Where tensors came from, by the memory they lie in; a reshape has its operand's, or counts as if it had. */
export interface Provenance {
  product(gradient: tf.Tensor): Product | undefined;
  /** Whether `sum` is the sum of `of` over all its axes but the last. */
  isSumOf(sum: tf.Tensor, of: tf.Tensor): boolean;
  /** Gives back the references to all that was recorded. */
  release(): void;
}

/**
 * Records the products and sums that `body` computes, so that the source of a weight's gradient is known.
 *
 * The operands are freed when the tape of a backward pass ends; so the record holds references of its own until
 * `release`. Any model will do: nothing has to be registered, and a layer is found by what its gradient is.
 */
export function recordProvenance<R>(body: () => R): { readonly result: R; readonly provenance: Provenance } {
  const products = new Map<object, Product>();
  const sums = new Map<object, object>();
  const copies = recordCopies();
  const stop = [
    copies.stop,
    watch('BatchMatMul', ({ inputs: { a, b }, attrs }, output) => {
      if (!attrs.transposeA || attrs.transposeB) return;
      products.set(output.dataId, { inputs: held(a), errors: held(b) });
    }),
    watch('Sum', ({ inputs: { x } }, output) => void sums.set(output.dataId, copies.source(x.dataId))),
  ];
  try {
    const result = body();
    return {
      result,
      provenance: {
        product: ({ dataId }) => products.get(copies.source(dataId)),
        isSumOf: (sum, of) => sums.get(copies.source(sum.dataId)) === copies.source(of.dataId),
        release: () => release(products),
      },
    };
  } catch (error) {
    release(products);
    throw error;
  } finally {
    for (const undo of stop) undo();
  }
}

/** Runs a forward pass, and tells which memory it multiplied by as a transposed right operand. */
export function recordTransposed<R>(body: () => R): { readonly result: R; readonly transposed: Set<object> } {
  const transposed = new Set<object>();
  const copies = recordCopies();
  const note = ({ inputs: { b }, attrs }: Call) => {
    if (attrs.transposeB) transposed.add(copies.source(b.dataId));
  };
  const stop = [copies.stop, watch('BatchMatMul', note), watch('_FusedMatMul', note)];
  try {
    return { result: body(), transposed };
  } finally {
    for (const undo of stop) undo();
  }
}

/**
 * Which memory a reshape's output was made from, where the backend gives it memory of its own, as the native one does:
 * there a tensor's memory has a shape.
 */
function recordCopies(): { source(dataId: object): object; stop(): void } {
  const sources = new Map<object, object>();
  const source = (dataId: object) => sources.get(dataId) ?? dataId;
  const note = ({ inputs: { x, input } }: Call, output: tf.TensorInfo) => {
    const { dataId } = x ?? input;
    if (output.dataId !== dataId) sources.set(output.dataId, source(dataId));
  };
  const stops = [watch('Reshape', note), watch('Identity', note), watch('ExpandDims', note)];
  return {
    source,
    stop: () => {
      for (const undo of stops) undo();
    },
  };
}

function release(products: Map<object, Product>): void {
  for (const { inputs, errors } of products.values()) tf.dispose([inputs, errors]);
  products.clear();
}

/** A tensor of its own over the same memory, unknown to the tape: a derivative does not pass through it. */
export function detached({ dataId, shape, dtype }: tf.TensorInfo): tf.Tensor {
  const engine = tf.engine();
  (engine.backend as unknown as { incRef(dataId: object): void }).incRef(dataId);
  return engine.makeTensorFromDataId(dataId, shape, dtype);
}

/** One that outlives scopes until it is disposed of. */
const held = (info: tf.TensorInfo): tf.Tensor => tf.keep(detached(info));

/** Tells `seen` of every call of a kernel on the backend in use, until the returned function is called. */
function watch(name: string, seen: (call: Call, output: tf.TensorInfo) => void): () => void {
  const backend = tf.engine().backendName;
  const config = tf.getKernel(name, backend);
  if (config === undefined) return () => {}; // what a backend lacks is not called
  const run = config.kernelFunc as unknown as Kernel;
  const kernelFunc = (call: Call) => {
    const output = run(call);
    seen(call, output);
    return output;
  };
  exchange(name, backend, { ...config, kernelFunc: kernelFunc as unknown as Config['kernelFunc'] });
  return () => exchange(name, backend, config);
}

function exchange(name: string, backend: string, config: Config): void {
  tf.unregisterKernel(name, backend);
  tf.registerKernel(config);
}
