import * as tf from '@tensorflow/tfjs';
import { type Call, type Kernel, replaceKernel } from '../kernel.js';
import type { WasmBackend } from '../wasm-backend.js';
import type { Routines } from '../wasm-routines.js';
import { addressOf } from './addresses.js';
import { copyBox, stridesOf } from './copy-box.js';

/**
 * Moves entries by copies of runs. The stock kernels read all of their input back to copy a part of it, and walk the
 * indices entry by entry.
 */
export function quickenMoves(routines: () => Routines): void {
  const replace = (name: string, move: (call: Call, backend: WasmBackend) => ReturnType<Kernel> | null) =>
    replaceKernel(name, 'wasm', (stock) => (call) => {
      const wide = Object.values(call.inputs).every(({ dtype }) => dtype === 'float32' || dtype === 'int32');
      return (wide ? move(call, call.backend as WasmBackend) : null) ?? stock(call);
    });

  /** A new array of this shape whose entries are those of x at its address + offset + Σ iₖ·strideₖ. */
  const gathered = (
    backend: WasmBackend,
    x: tf.TensorInfo,
    shape: readonly number[],
    strides: readonly number[],
    offset = 0,
  ): tf.TensorInfo => {
    const made = backend.makeOutput(shape, x.dtype);
    const from = { address: addressOf(backend, x) + offset, strides };
    copyBox(routines(), shape, from, { address: addressOf(backend, made), strides: stridesOf(shape) });
    return made;
  };
  const box = (backend: WasmBackend, x: tf.TensorInfo, begin: readonly number[], size: readonly number[]) => {
    const strides = stridesOf(x.shape);
    const offset = begin.reduce((sum, first, axis) => sum + first * strides[axis], 0);
    return gathered(backend, x, size, strides, offset);
  };

  replace(tf.Slice, ({ inputs: { x }, attrs }, backend) => {
    const { begin, size } = attrs as unknown as tf.SliceAttrs;
    return box(backend, x, ...parsed(x, begin, size));
  });

  replace(tf.SplitV, ({ inputs: { x }, attrs }, backend) => {
    const { numOrSizeSplits, axis: given } = attrs as unknown as tf.SplitVAttrs;
    const [axis] = tf.util.parseAxisParam(given, [...x.shape]);
    const begin = x.shape.map(() => 0);
    const parts = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits, axis);
    return parts.map((length) => {
      const part = box(backend, x, begin, x.shape.with(axis, length));
      begin[axis] += length;
      return part;
    }) as unknown as tf.TensorInfo;
  });

  replace(tf.Concat, ({ inputs, attrs }, backend) => {
    const parts = Object.values(inputs);
    const [axis] = tf.util.parseAxisParam(attrs.axis as number, [...parts[0].shape]);
    if (parts.some(({ dtype }) => dtype !== parts[0].dtype)) return null;
    const lengths = parts.map(({ shape }) => shape[axis]);
    const shape = parts[0].shape.with(
      axis,
      lengths.reduce((sum, length) => sum + length),
    );
    const whole = backend.makeOutput(shape, parts[0].dtype);
    const strides = stridesOf(shape);
    let address = addressOf(backend, whole);
    for (const [i, part] of parts.entries()) {
      const from = { address: addressOf(backend, part), strides: stridesOf(part.shape) };
      copyBox(routines(), part.shape, from, { address, strides });
      address += lengths[i] * strides[axis];
    }
    return whole;
  });

  replace(tf.Tile, ({ inputs: { x }, attrs }, backend) => {
    const { reps } = attrs as unknown as tf.TileAttrs;
    // Where what is repeated has length 1: each of its copies is read anew. Single numbers would make runs of one.
    if (!reps.every((times, axis) => times === 1 || x.shape[axis] === 1) || reps.at(-1) !== 1) return null;
    const strides = stridesOf(x.shape).map((stride, axis) => (reps[axis] === 1 ? stride : 0));
    return gathered(
      backend,
      x,
      x.shape.map((length, axis) => length * reps[axis]),
      strides,
    );
  });

  replace(tf.Transpose, ({ inputs: { x }, attrs }, backend) => {
    const perm = attrs.perm as readonly number[];
    const last = x.shape.length - 1;
    if (last < 1 || perm[last] !== last) return null;
    const strides = stridesOf(x.shape);
    const [shape, from] = [x.shape, strides].map((of) => perm.map((axis) => of[axis]));
    return gathered(backend, x, shape, from);
  });
}

function parsed(x: tf.TensorInfo, begin: number | number[], size: number | number[]): [number[], number[]] {
  const [first, lengths] = tf.slice_util.parseSliceParams(x, begin, size);
  return [first, lengths];
}
