import type * as tf from '@tensorflow/tfjs';
import { addKernel, type Call } from '../kernel.js';
import { type AttentionAttributes, attentionOperation } from '../operations/attention.js';
import { denseOperation } from '../operations/dense.js';
import { dropoutOperation } from '../operations/dropout.js';
import { gradientOf } from '../operations/fused.js';
import { geluOperation } from '../operations/gelu.js';
import { layerNormOperation } from '../operations/layer-norm.js';
import type { WasmBackend } from '../wasm-backend.js';
import { addressOf, entriesOf, made } from './addresses.js';
import { attend, attendBack } from './attend.js';
import { columnsOfItem } from './column-kernels.js';
import { dropOut } from './drop-out.js';
import { elementwise, overRows } from './elementwise.js';
import { multiply } from './product.js';
import type { Team } from './team.js';

/** Adds the kernels of the operations that are one kernel on WebAssembly, and of their gradients. */
export function addFusedKernels(team: () => Team): void {
  const add = (name: string, kernel: (call: Call, backend: WasmBackend) => tf.TensorInfo | tf.TensorInfo[]) =>
    addKernel(name, 'wasm', (call) => kernel(call, call.backend as WasmBackend));

  add(denseOperation.name, ({ inputs: { x, kernel, bias } }, backend) => {
    const [rows, inner] = x.shape;
    const columns = kernel.shape[1];
    const y = made(backend, [rows, columns]);
    if (inner === 0) backend.typedArrayFromHeap(y).fill(0);
    const matrix = (info: tf.TensorInfo, width: number) => ({
      address: addressOf(backend, info),
      ...{ rowStride: 4 * width, columnStride: 4, matrixStride: 0 },
    });
    multiply(team(), {
      left: matrix(x, inner),
      right: matrix(kernel, columns),
      result: matrix(y, columns),
      bias: addressOf(backend, bias),
      ...{ rows, columns, inner, matrices: 1 },
    });
    return y;
  });

  add(geluOperation.name, ({ inputs: { x } }, backend) => {
    const y = made(backend, x.shape);
    const [from, to] = [x, y].map((info) => addressOf(backend, info));
    elementwise(team(), 'gelu', [from, from, to], entriesOf(x));
    return y;
  });
  add(gradientOf(geluOperation.name), ({ inputs: { x, dy } }, backend) => {
    const dx = made(backend, x.shape);
    elementwise(
      team(),
      'geluGradient',
      [x, dy, dx].map((info) => addressOf(backend, info)),
      entriesOf(x),
    );
    return dx;
  });

  add(dropoutOperation.name, ({ inputs: { x }, attrs }, backend) => {
    const { rate, seed } = attrs as { rate: number; seed: number };
    const y = made(backend, x.shape);
    dropOut(team(), addressOf(backend, x), addressOf(backend, y), entriesOf(x), rate, seed);
    return y;
  });

  add(layerNormOperation.name, ({ inputs: { x, scale, bias }, attrs }, backend) => {
    const [rows, columns] = x.shape;
    const y = made(backend, x.shape);
    const words = [x, scale, bias, y].map((info) => addressOf(backend, info));
    overRows(team(), 'layerNorm', [...words, 4 * columns], rows, 4 * columns, [
      columns,
      attrs.epsilon as number,
    ]);
    return y;
  });
  add(gradientOf(layerNormOperation.name), ({ inputs: { x, scale, dy }, attrs }, backend) => {
    const [rows, columns] = x.shape;
    const [dx, dScale, dBias, kept] = [x.shape, [columns], [columns], [rows, 8]].map((shape) =>
      made(backend, shape),
    );
    const at = (info: tf.TensorInfo) => addressOf(backend, info);
    overRows(
      team(),
      'layerNormGradient',
      [at(x), at(scale), at(dy), at(dx), 4 * columns, at(kept)],
      rows,
      4 * columns,
      [columns, attrs.epsilon as number],
    );
    team().run(
      'normSums',
      [rows, 4 * columns, at(dScale), at(dBias), at(dy), at(x), at(kept)],
      Math.ceil(columns / columnsOfItem),
    );
    backend.disposeData(kept.dataId);
    return [dx, dScale, dBias];
  });

  add(attentionOperation.name, ({ inputs: { q, k, v }, attrs }, backend) =>
    attend(team(), backend, [q, k, v], attrs as unknown as AttentionAttributes),
  );
  add(gradientOf(attentionOperation.name), ({ inputs: { q, k, v, dy }, attrs }, backend) =>
    attendBack(team(), backend, [q, k, v, dy], attrs as unknown as AttentionAttributes),
  );
}
