import * as tf from '@tensorflow/tfjs';
import { addKernel, type Call, callKernel, replaceKernel } from '../kernel.js';
import { addProductKernel } from '../operations/add-product.js';
import type { WasmBackend } from '../wasm-backend.js';
import { rowsOfMirror } from './mirror-kernel.js';
import { multiply, type Operand } from './product.js';
import type { Team } from './team.js';

/**
 * Puts our product in the place of the stock `BatchMatMul` and `_FusedMatMul`.
 *
 * Wrong there: products of stacks of matrices add a fused bias wrongly, and activations fused into a product swallow
 * NaN. Slow there: everything, and a product with a transposed operand 10–20 times. Adds the kernel
 * `FluxionAddProduct`, C + A·B of matrices.
 */
export function quickenProducts(team: () => Team): void {
  replaceKernel('BatchMatMul', 'wasm', (stock) => (call) => {
    const { a, b } = call.inputs;
    return a.dtype === 'float32' && b.dtype === 'float32' ? product(team(), call, 0) : stock(call);
  });
  replaceKernel('_FusedMatMul', 'wasm', () => (call) => {
    const { bias, preluActivationWeights } = call.inputs;
    const backend = call.backend as WasmBackend;
    const activation = call.attrs.activation as keyof typeof activations;
    const columns = call.inputs.b.shape.at(call.attrs.transposeB ? -2 : -1)!;
    const isRow =
      bias !== undefined &&
      tf.util.sizeFromShape([...bias.shape]) === columns &&
      bias.shape.at(-1) === columns;
    let x = product(team(), call, isRow ? backend.dataIdMap.get(bias.dataId).memoryOffset : 0);
    const then = (name: string, inputs: Call['inputs'], attrs: Call['attrs'] = {}) => {
      const next = callKernel(name, 'wasm', { inputs, attrs, backend });
      backend.disposeData(x.dataId);
      x = next;
    };
    if (bias && !isRow) then('Add', { a: x, b: bias });
    if (activation === 'prelu') then('Prelu', { x, alpha: preluActivationWeights });
    else if (activation !== 'linear') {
      then(activations[activation], { x }, { alpha: call.attrs.leakyreluAlpha });
    }
    return x;
  });
  addKernel(addProductKernel, 'wasm', (call) => sum(team(), call));
}

/** C + A·B, C a matrix or a row. */
function sum(team: Team, { inputs: { a, b, c }, attrs, backend: given }: Call): tf.TensorInfo {
  const backend = given as WasmBackend;
  const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
  const matrix = (x: tf.TensorInfo, swapped = false): Operand => {
    const strides = [4 * x.shape[1], 4];
    const [rowStride, columnStride] = swapped ? strides.reverse() : strides;
    return {
      address: backend.dataIdMap.get(x.dataId).memoryOffset,
      rowStride,
      columnStride,
      matrixStride: 0,
    };
  };
  const [rows, inner] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
  const columns = b.shape[transposeB ? 0 : 1];
  const output = backend.makeOutput([rows, columns], 'float32');
  const start = backend.dataIdMap.get(c.dataId).memoryOffset;
  const isRow = c.shape.length === 1;
  if (inner === 0 && isRow) spread(backend, output, start, columns);
  else if (inner === 0) backend.typedArrayFromHeap(output).set(backend.typedArrayFromHeap(c));
  multiply(team, {
    left: matrix(a, transposeA),
    right: matrix(b, transposeB),
    result: matrix(output),
    ...(isRow ? { bias: start } : { addend: start }),
    ...{ rows, columns, inner, matrices: 1 },
  });
  return output;
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

function product(team: Team, { inputs: { a, b }, attrs, backend: given }: Call, bias: number): tf.TensorInfo {
  const backend = given as WasmBackend;
  const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
  const [rowsA, columnsA] = a.shape.slice(-2);
  const [rowsB, columnsB] = b.shape.slice(-2);
  const [rows, inner] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [innerB, columns] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  if (inner !== innerB) {
    throw new RangeError(`matMul: expected equal inner lengths, got ${inner} and ${innerB}`);
  }
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const output = backend.makeOutput([...outer, rows, columns], 'float32');
  const entries = tf.util.sizeFromShape([...output.shape]);
  if (inner === 0) spread(backend, output, bias, columns);
  if (entries === 0 || inner === 0) return output;
  const address = (info: tf.TensorInfo) => backend.dataIdMap.get(info.dataId).memoryOffset;
  const operand = (base: number, width: number, swapped: boolean, matrixStride: number): Operand => ({
    address: base,
    rowStride: swapped ? 4 : 4 * width,
    columnStride: swapped ? 4 * width : 4,
    matrixStride,
  });
  const [sizeA, sizeB, sizeC] = [rowsA * columnsA, rowsB * columnsB, rows * columns].map((size) => 4 * size);
  const one = (at: { a: number; b: number; c: number }, steps: { a: number; b: number }, matrices: number) =>
    multiply(team, {
      left: operand(address(a) + at.a, columnsA, transposeA, steps.a),
      right: operand(address(b) + at.b, columnsB, transposeB, steps.b),
      result: operand(address(output) + at.c, columns, false, sizeC),
      ...{ bias, rows, columns, inner, matrices },
    });
  const matrices = entries / (rows * columns);
  const [manyA, manyB] = [outerA, outerB].map((shape) => tf.util.sizeFromShape(shape));
  const ownTranspose = a.dataId === b.dataId && rowsA === rowsB && transposeA !== transposeB;
  if (ownTranspose && manyA === matrices && manyB === matrices && bias === 0) {
    multiply(team, {
      left: operand(address(a), columnsA, transposeA, sizeA),
      right: operand(address(b), columnsB, transposeB, sizeB),
      result: operand(address(output), columns, false, sizeC),
      ...{ rows, columns, inner, matrices, upper: true },
    });
    const items = Math.ceil(rows / rowsOfMirror);
    team.run('mirror', [address(output), rows, items], items * matrices, Math.ceil(2 ** 11 / rows));
    return output;
  }
  if ([1, matrices].includes(manyA) && [1, matrices].includes(manyB)) {
    // One matrix for all: a taller product, where its rows follow each other.
    if (manyB === 1 && manyA > 1 && !transposeA) {
      multiply(team, {
        left: operand(address(a), columnsA, false, 0),
        right: operand(address(b), columnsB, transposeB, 0),
        result: operand(address(output), columns, false, 0),
        ...{ bias, rows: rows * matrices, columns, inner, matrices: 1 },
      });
    } else {
      one({ a: 0, b: 0, c: 0 }, { a: manyA === 1 ? 0 : sizeA, b: manyB === 1 ? 0 : sizeB }, matrices);
    }
    return output;
  }
  for (let entry = 0; entry < matrices; entry++) {
    const at = {
      a: sizeA * source(entry, outer, outerA),
      b: sizeB * source(entry, outer, outerB),
      c: sizeC * entry,
    };
    one(at, { a: 0, b: 0 }, 1);
  }
  return output;
}

/** A product over nothing: the bias in every row, or zeros. */
function spread(backend: WasmBackend, output: tf.TensorInfo, bias: number, columns: number): void {
  const entries = backend.typedArrayFromHeap(output);
  if (bias === 0) entries.fill(0);
  else {
    const row = new Float32Array(entries.buffer as ArrayBuffer, bias, columns);
    for (let i = 0; i < entries.length; i++) entries[i] = row[i % columns];
  }
}

/** The index, in a stack of shape `from`, of what broadcasts to this index in a stack of shape `to`. */
function source(index: number, to: readonly number[], from: readonly number[]): number {
  let [rest, found, stride] = [index, 0, 1];
  for (let axis = 1; axis <= to.length; axis++) {
    const length = to[to.length - axis];
    const own = from[from.length - axis] ?? 1;
    if (own > 1) found += stride * (rest % length);
    stride *= own;
    rest = Math.floor(rest / length);
  }
  return found;
}
