import * as tf from '@tensorflow/tfjs';
import { type Call, callKernel, type Kernel, replaceKernel } from './kernel.js';
import type { WasmBackend } from './wasm-backend.js';
import { compile } from './wasm-routines.js';
import { quickenWasm } from './wasm-speed.js';

/**
 * Mends what the WebAssembly backend of TensorFlow.js 4.22 does wrongly or slowly. Idempotent.
 *
 * Wrong there: `maximum`, `minimum`, `sign`, `clipByValue` and activations fused into a product swallow NaN;
 * products of stacks of matrices add a fused bias wrongly; `oneHot` of dtype float32 writes the bits of int32;
 * a cast to bool keeps the lowest byte. Slow there: a product with a transposed operand (10–20 times slower
 * than transposing first), `tanh`, `maximum`, `minimum`, `sqrt`, transposition, sums over the rows of a matrix.
 */
export function repairWasm(backend: WasmBackend): void {
  repairProducts();
  repairOneHot();
  repairCast();
  const memory = backend.wasm.asm?.memory;
  if (memory !== undefined) quickenWasm(compile(memory)); // the threaded build keeps its memory to itself
}

function repairProducts(): void {
  const swapped = (x: tf.TensorInfo, backend: object): tf.TensorInfo => {
    const perm = x.shape.map((_, axis) => axis);
    perm.push(perm.splice(-2, 1)[0]);
    return callKernel('Transpose', 'wasm', { inputs: { x }, attrs: { perm }, backend });
  };
  const plain =
    (stock: Kernel): Kernel =>
    ({ inputs, attrs, backend }) => {
      const { transposeA, transposeB } = attrs;
      const a = transposeA ? swapped(inputs.a, backend) : inputs.a;
      const b = transposeB ? swapped(inputs.b, backend) : inputs.b;
      const product = stock({
        inputs: { ...inputs, a, b },
        attrs: { ...attrs, transposeA: false, transposeB: false },
        backend,
      });
      if (transposeA) (backend as WasmBackend).disposeData(a.dataId);
      if (transposeB) (backend as WasmBackend).disposeData(b.dataId);
      return product;
    };
  replaceKernel('BatchMatMul', 'wasm', plain);
  replaceKernel('_FusedMatMul', 'wasm', (stock) => (call) => {
    const { a, b, bias, preluActivationWeights } = call.inputs;
    const activation = call.attrs.activation as keyof typeof activations;
    const single = tf.util.sizeFromShape(a.shape.slice(0, -2)) === 1;
    if (activation === 'linear' && single) return plain(stock)(call);
    // The stock kernel adds the wrong entries of the bias in stacks of matrices, and its activations swallow
    // NaN: one kernel after the other instead.
    const { backend } = call;
    const { transposeA, transposeB, leakyreluAlpha: alpha } = call.attrs;
    let x = callKernel('BatchMatMul', 'wasm', {
      inputs: { a, b },
      attrs: { transposeA, transposeB },
      backend,
    });
    const then = (name: string, inputs: Call['inputs'], attrs: Call['attrs'] = {}) => {
      const next = callKernel(name, 'wasm', { inputs, attrs, backend });
      (backend as WasmBackend).disposeData(x.dataId);
      x = next;
    };
    if (bias) then('Add', { a: x, b: bias });
    if (activation === 'prelu') then('Prelu', { x, alpha: preluActivationWeights });
    else if (activation !== 'linear') then(activations[activation], { x }, { alpha });
    return x;
  });
}

/** The kernels of the activations that a product may be fused with. */
const activations = {
  linear: 'Identity',
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

function repairOneHot(): void {
  replaceKernel('OneHot', 'wasm', (stock) => (call) => {
    const { indices } = call.inputs;
    const { depth, onValue, offValue, dtype } = call.attrs as unknown as tf.OneHotAttrs;
    if (dtype === 'int32') return stock(call);
    const backend = call.backend as WasmBackend;
    const output = backend.makeOutput([...indices.shape, depth], 'float32');
    const classes = backend.typedArrayFromHeap(indices);
    const entries = backend.typedArrayFromHeap(output).fill(offValue);
    for (let row = 0; row < classes.length; row++) {
      const own = classes[row];
      if (own >= 0 && own < depth) entries[row * depth + own] = onValue;
    }
    return output;
  });
}

function repairCast(): void {
  replaceKernel('Cast', 'wasm', (stock) => (call) => {
    const { x } = call.inputs;
    if (call.attrs.dtype !== 'bool' || x.dtype === 'bool') return stock(call);
    const backend = call.backend as WasmBackend;
    const output = backend.makeOutput(x.shape, 'bool');
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(output);
    for (let i = 0; i < to.length; i++) to[i] = from[i] === 0 ? 0 : 1;
    return output;
  });
}
