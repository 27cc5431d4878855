import * as tf from '@tensorflow/tfjs';
import { replaceKernel } from './kernel.js';
import { quickenArithmetic } from './wasm/arithmetic.js';
import { quickenConvolutions } from './wasm/convolution.js';
import { addFusedKernels } from './wasm/fused.js';
import { quickenProducts } from './wasm/matmul.js';
import { quickenMoves } from './wasm/moves.js';
import { heapOf, teamOf } from './wasm/start.js';
import { quickenSums } from './wasm/sums.js';
import { quickenWindows } from './wasm/windows.js';
import type { WasmBackend } from './wasm-backend.js';
import { compile, type Routines } from './wasm-routines.js';
import { quickenWasm } from './wasm-speed.js';

/**
 * Mends what the WebAssembly backend of TensorFlow.js 4.22 does wrongly or slowly. Idempotent.
 *
 * Wrong there: `maximum`, `minimum`, `sign`, `clipByValue` and activations fused into a product swallow NaN;
 * products of stacks of matrices add a fused bias wrongly; `oneHot` of dtype float32 writes the bits of int32;
 * a cast to bool keeps the lowest byte; a sum of ones stands still at 2²⁴. Slow there: a product with a transposed operand (10–20 times slower
 * than transposing first), clones, which copy, `tanh`, `maximum`, `minimum`, `sqrt`, transposition, sums.
 */
export function repairWasm(backend: WasmBackend): void {
  repairOneHot();
  repairCast();
  repairIdentity();
  const heap = heapOf(backend);
  if (heap === null) return;
  const team = () => teamOf(tf.backend())!;
  quickenProducts(team);
  quickenArithmetic(team);
  let compiled: Routines | undefined;
  const routines = () => (compiled ??= compile(heap.memory));
  quickenWasm(routines, team);
  quickenMoves(routines);
  addFusedKernels(team);
  quickenSums(team);
  quickenWindows(team);
  quickenConvolutions(team);
}

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
    const backend = call.backend as WasmBackend;
    if (x.dtype === call.attrs.dtype) return shared(backend, x); // gradients cast so, and the stock kernel copies
    if (call.attrs.dtype !== 'bool') return stock(call);
    const output = backend.makeOutput(x.shape, 'bool');
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(output);
    for (let i = 0; i < to.length; i++) to[i] = from[i] === 0 ? 0 : 1;
    return output;
  });
}

/** A clone shares its memory with the original, as on every other backend: no kernel writes into its inputs. */
function repairIdentity(): void {
  replaceKernel(
    'Identity',
    'wasm',
    () =>
      ({ inputs, backend }) =>
        shared(backend as WasmBackend, inputs.x),
  );
}

function shared(backend: WasmBackend, { dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}
