import * as tf from '@tensorflow/tfjs';
import { addKernel, type Call, callKernel, replaceKernel } from './kernel.js';
import { addressOf, entriesOf, made } from './wasm/addresses.js';
import { elementwise, overRows, runMoments } from './wasm/elementwise.js';
import type { elementwiseKernels } from './wasm/elementwise-kernels.js';
import type { Team } from './wasm/team.js';
import type { WasmBackend } from './wasm-backend.js';
import type { Routines } from './wasm-routines.js';

/**
 * Puts the routines of `wasm-routines.ts` in the place of the stock kernels they outdo.
 *
 * Adds the kernels `FluxionCombine` (a·x + b·y), `FluxionAddNumber`, `FluxionMulNumber`,
 * `FluxionDivNumber`, `FluxionDot` (Σ xᵢyᵢ), `FluxionMoments` (Adam's moments and direction), `FluxionBytesOver` (bytes of dtype bool divided by a number)
 * and `FluxionReluGradient` (`gradients/activations.ts`).
 */
export function quickenWasm(routines: () => Routines, team: () => Team): void {
  const address = (backend: object, info: tf.TensorInfo) => addressOf(backend as WasmBackend, info);
  const run = (
    name: keyof typeof elementwiseKernels,
    backend: object,
    x: tf.TensorInfo,
    y = x,
    ...numbers: number[]
  ) => {
    const output = made(backend as WasmBackend, x.shape);
    const addresses = [x, y, output].map((info) => address(backend, info));
    elementwise(team(), name, addresses, entriesOf(x), numbers);
    return output;
  };
  const isFloat = (x: tf.TensorInfo) => x.dtype === 'float32';

  for (const [name, routine] of [
    ['Sqrt', 'sqrt'],
    ['Sign', 'sign'],
    ['Tanh', 'tanh'],
  ] as const) {
    replaceKernel(name, 'wasm', (stock) => (call) => {
      const { x } = call.inputs;
      return isFloat(x) ? run(routine, call.backend, x) : stock(call);
    });
  }
  for (const [name, routine] of [
    ['Maximum', 'max'],
    ['Minimum', 'min'],
  ] as const) {
    replaceKernel(name, 'wasm', (stock) => (call) => {
      const { a, b } = call.inputs;
      if (!isFloat(a) || !isFloat(b)) return stock(call);
      return sameSize(call, (x, y) => run(routine, call.backend, x, y));
    });
  }
  replaceKernel('ClipByValue', 'wasm', (stock) => (call) => {
    const { clipValueMin, clipValueMax } = call.attrs as unknown as tf.ClipByValueAttrs;
    const { x } = call.inputs;
    return isFloat(x) ? run('clip', call.backend, x, x, clipValueMin, clipValueMax) : stock(call);
  });
  for (const [name, high] of [
    ['Relu', Number.POSITIVE_INFINITY],
    ['Relu6', 6],
  ] as const) {
    replaceKernel(name, 'wasm', (stock) => (call) => {
      const { x } = call.inputs;
      return isFloat(x) ? run('clip', call.backend, x, x, 0, high) : stock(call);
    });
  }
  replaceKernel('Transpose', 'wasm', (stock) => (call) => {
    const { x } = call.inputs;
    const perm = call.attrs.perm as number[];
    const [rows, columns] = x.shape;
    if (!isFloat(x) || x.shape.length !== 2 || perm[0] !== 1 || rows < 4 || columns < 4) return stock(call);
    const backend = call.backend as WasmBackend;
    const output = backend.makeOutput([columns, rows], 'float32');
    const from = address(backend, x);
    const to = address(backend, output);
    const wholeRows = rows & ~3;
    for (let row = 0; row < wholeRows; row += 4) {
      routines().transpose4(from + 4 * row * columns, to + 4 * row, 4 * columns, 4 * rows);
    }
    const source = backend.typedArrayFromHeap(x);
    const target = backend.typedArrayFromHeap(output);
    for (let row = 0; row < rows; row++) {
      for (let column = row < wholeRows ? columns & ~3 : 0; column < columns; column++) {
        target[column * rows + row] = source[row * columns + column];
      }
    }
    return output;
  });
  replaceKernel('Softmax', 'wasm', (stock) => (call) => {
    const x = call.inputs.logits;
    const columns = x.shape.at(-1) ?? 1;
    const rows = entriesOf(x) / columns;
    const { dim } = call.attrs as { dim: number };
    if (!isFloat(x) || !(rows > 0) || (dim !== -1 && dim !== x.shape.length - 1)) return stock(call);
    const backend = call.backend as WasmBackend;
    const output = made(backend, x.shape);
    const words = [address(backend, x), address(backend, output), 4 * columns];
    overRows(team(), 'softmax', words, rows, 4 * columns, [1]);
    return output;
  });

  addKernel('FluxionDot', 'wasm', ({ inputs: { x, y }, backend: given }) => {
    const backend = given as WasmBackend;
    const parts = backend.makeOutput([4], 'float32');
    const output = backend.makeOutput([], 'float32');
    const bytes = 4 * tf.util.sizeFromShape([...x.shape]);
    routines().dot(address(backend, x), address(backend, y), address(backend, parts), bytes);
    const [p, q, r, s] = backend.typedArrayFromHeap(parts);
    backend.typedArrayFromHeap(output)[0] = p + q + r + s;
    backend.disposeData(parts.dataId);
    return output;
  });
  addKernel('FluxionBytesOver', 'wasm', ({ inputs: { x }, attrs, backend: given }) => {
    const backend = given as WasmBackend;
    const value = attrs.value as number;
    const count = tf.util.sizeFromShape([...x.shape]);
    const output = backend.makeOutput(x.shape, 'float32');
    routines().bytesOver(address(backend, x), address(backend, output), count, value);
    const [from, to] = [x, output].map((info) => backend.typedArrayFromHeap(info));
    for (let i = count & ~3; i < count; i++) to[i] = from[i] / value;
    return output;
  });
  addKernel('FluxionMoments', 'wasm', ({ inputs: { m, v, u }, attrs, backend: given }) => {
    const backend = given as WasmBackend;
    const outputs = [m, m, m].map(({ shape }) => made(backend, shape));
    const addresses = [m, v, u, ...outputs].map((info) => address(backend, info));
    runMoments(team(), addresses, entriesOf(m), attrs.numbers as number[]);
    return outputs;
  });
  addKernel('FluxionReluGradient', 'wasm', ({ inputs: { x, dy }, backend }) =>
    run('reluGradient', backend, x, dy),
  );
  addKernel('FluxionCombine', 'wasm', ({ inputs: { x, y }, attrs, backend }) =>
    run('combine', backend, x, y, attrs.a as number, attrs.b as number),
  );
  for (const routine of ['addNumber', 'mulNumber', 'divNumber'] as const) {
    addKernel(
      `Fluxion${routine[0].toUpperCase()}${routine.slice(1)}`,
      'wasm',
      ({ inputs: { x }, attrs, backend }) => run(routine, backend, x, x, attrs.value as number),
    );
  }
}

/** Runs `operate` on two operands of one shape: where the shapes differ, each is spread over both first. */
function sameSize(
  { inputs: { a, b }, backend: given }: Call,
  operate: (x: tf.TensorInfo, y: tf.TensorInfo) => tf.TensorInfo,
): tf.TensorInfo {
  if (tf.util.arraysEqual([...a.shape], [...b.shape])) return operate(a, b);
  const backend = given as WasmBackend;
  const shape = tf.backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
  const zeros = backend.makeOutput(shape, 'float32');
  backend.typedArrayFromHeap(zeros).fill(0);
  const spread = (x: tf.TensorInfo) =>
    callKernel('Add', 'wasm', { inputs: { a: x, b: zeros }, attrs: {}, backend });
  const [x, y] = [spread(a), spread(b)];
  const result = operate(x, y);
  for (const info of [zeros, x, y]) backend.disposeData(info.dataId);
  return result;
}
