import type * as tf from '@tensorflow/tfjs';
import { addKernel, type Call } from '../kernel.js';
import { type AttentionAttributes, attentionOperation } from '../operations/attention.js';
import { denseOperation } from '../operations/dense.js';
import { dropoutOperation } from '../operations/dropout.js';
import { curvatureOf, gradientOf, tangentOf } from '../operations/fused.js';
import { geluOperation } from '../operations/gelu.js';
import { layerNormOperation } from '../operations/layer-norm.js';
import type { WasmBackend } from '../wasm-backend.js';
import { addressOf, entriesOf, made } from './addresses.js';
import { attend, attendBack, attendCurved, attendTangent } from './attend.js';
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
  const geluSlope = (x: tf.TensorInfo, dy: tf.TensorInfo, backend: WasmBackend) => {
    const dx = made(backend, x.shape);
    elementwise(
      team(),
      'geluGradient',
      [x, dy, dx].map((info) => addressOf(backend, info)),
      entriesOf(x),
    );
    return dx;
  };
  add(gradientOf(geluOperation.name), ({ inputs: { x, dy } }, backend) => geluSlope(x, dy, backend));
  add(tangentOf(geluOperation.name), ({ inputs: { x, '.x': dx } }, backend) => geluSlope(x, dx, backend));
  add(curvatureOf(geluOperation.name), ({ inputs: { x, '.x': dx, dy } }, backend) => {
    const result = made(backend, x.shape);
    const at = (info: tf.TensorInfo) => addressOf(backend, info);
    elementwise(team(), 'mul', [at(dx), at(dy), at(result)], entriesOf(x));
    elementwise(team(), 'geluCurvature', [at(x), at(result), at(result)], entriesOf(x));
    return result;
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

  add(tangentOf(layerNormOperation.name), ({ inputs, attrs }, backend) => {
    const { x, scale, '.x': dx, '.scale': dScale, '.bias': dBias } = inputs;
    const [rows, columns] = x.shape;
    const dy = made(backend, x.shape);
    const words = [x, scale, dx, dScale, dBias, dy].map((info) => addressOf(backend, info));
    const numbers = [columns, attrs.epsilon as number];
    overRows(team(), 'layerNormTangent', [...words, 4 * columns], rows, 4 * columns, numbers);
    return dy;
  });
  add(curvatureOf(layerNormOperation.name), ({ inputs, attrs }, backend) => {
    const { x, scale, '.x': dx, '.scale': dScale, dy } = inputs;
    const [rows, columns] = x.shape;
    const [byX, byScale, byBias, moved] = [x.shape, [columns], [columns], x.shape].map((shape) =>
      made(backend, shape),
    );
    const at = (info: tf.TensorInfo) => addressOf(backend, info);
    const words = [x, scale, dy, dx, dScale, byX, moved].map(at);
    const numbers = [columns, attrs.epsilon as number];
    overRows(team(), 'layerNormCurvature', [...words, 4 * columns], rows, 4 * columns, numbers);
    const sums = [rows, 4 * columns, at(byScale), at(moved)];
    team().run('columnSums', sums, Math.ceil(columns / columnsOfItem));
    backend.typedArrayFromHeap(byBias).fill(0); // the tangent is linear in β̇, and has no β in it
    backend.disposeData(moved.dataId);
    return [byX, byScale, byBias];
  });

  add(attentionOperation.name, ({ inputs: { q, k, v }, attrs }, backend) =>
    attend(team(), backend, [q, k, v], attrs as unknown as AttentionAttributes),
  );
  add(gradientOf(attentionOperation.name), ({ inputs: { q, k, v, dy }, attrs }, backend) =>
    attendBack(team(), backend, [q, k, v, dy], attrs as unknown as AttentionAttributes),
  );
  const tangents = ({ q, k, v, '.q': dq, '.k': dk, '.v': dv }: Call['inputs']) => [q, k, v, dq, dk, dv];
  add(tangentOf(attentionOperation.name), ({ inputs, attrs }, backend) =>
    attendTangent(team(), backend, tangents(inputs), attrs as unknown as AttentionAttributes),
  );
  add(curvatureOf(attentionOperation.name), ({ inputs, attrs }, backend) => {
    const all = [...tangents(inputs), inputs.dy];
    return attendCurved(team(), backend, all, attrs as unknown as AttentionAttributes);
  });
}
