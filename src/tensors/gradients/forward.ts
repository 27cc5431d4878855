import type * as tensorflow from '@tensorflow/tfjs';
import { contraction } from './contraction.js';
import type { Tf } from './gradient.js';
import { repairNativeForward } from './native-forward.js';
import { reduceNothing } from './nothing.js';
import { type Kernel, replacing } from './replace.js';
import { segmentSums } from './segment-sums.js';
import { findLargestInWindows, keepNaNInWindows } from './special-values.js';
import { repairWasmForward } from './wasm-forward.js';
import { repairWebgpuForward } from './webgpu-forward.js';

const mended = new WeakSet<object>();

/**
 * Mends kernels of the backend in use whose value itself is wrong, so that there is something to differentiate:
 * `einsum` forgets to sum axes of one operand alone, and hands on its operand's memory as if it were its own;
 * `tensorScatterUpdate` writes into its input; `stridedSlice` mixes up axes where some are shrunk and others
 * strided; `unsortedSegmentSum` multiplies every entry by 0 or 1, so that one NaN spoils all sums; `cast` on the CPU
 * calls whole numbers float32 and leaves them whole, so that a backend to which they go reads other numbers in their
 * bits. Of TensorFlow's own kernels others are mended.
 */
export function repairForward(tf: Tf): void {
  const backend = tf.engine().backendName;
  if (!backend) return;
  const present = tf.getKernel(tf.Einsum, backend);
  if (present && mended.has(present)) return;
  const replace = replacing(tf, backend);
  if (backend === 'tensorflow') {
    repairNativeForward(tf, replace);
    mended.add(tf.getKernel(tf.Einsum, backend));
    return;
  }
  if (backend === 'webgpu') repairWebgpuForward(tf, replace);
  replace(tf.Einsum, () => ({ inputs, attrs }) => {
    const operands = Object.values(inputs);
    return tf.tidy(() => {
      const sum = contraction(tf, attrs.equation as string, operands);
      return operands.includes(sum) ? tf.clone(sum) : sum;
    });
  });
  replace(tf.TensorScatterUpdate, (stock) => (call) => {
    const { tensor } = call.inputs;
    const copy = tf.add(tensor, tf.zerosLike(tensor)); // a clone would share the memory
    const result = stock({ ...call, inputs: { ...call.inputs, tensor: copy } });
    copy.dispose();
    return result;
  });
  replace(tf.StridedSlice, (stock) => (call) => {
    const attrs = call.attrs as unknown as tensorflow.StridedSliceAttrs;
    if (attrs.shrinkAxisMask === 0 && attrs.newAxisMask === 0) return stock(call);
    const { x } = call.inputs;
    const slice = tf.slice_util.sliceInfo(
      x.shape,
      attrs.begin,
      attrs.end,
      attrs.strides,
      attrs.beginMask,
      attrs.endMask,
      attrs.ellipsisMask,
      attrs.newAxisMask,
      attrs.shrinkAxisMask,
    );
    // Backwards to the first entry ends at −1, which would be read as the last.
    const open = slice.end.reduce((mask, last, axis) => (last < 0 ? mask | (1 << axis) : mask), 0);
    return tf.tidy(() =>
      tf.reshape(tf.stridedSlice(x, slice.begin, slice.end, slice.strides, 0, open), slice.finalShape),
    );
  });
  replace(
    tf.UnsortedSegmentSum,
    () =>
      ({ inputs: { x, segmentIds }, attrs }) =>
        tf.tidy(() => segmentSums(tf, x, segmentIds, attrs.numSegments as number)),
  );
  reduceNothing(tf, replace);
  if (backend === 'cpu') replace(tf.Cast, castInFull);
  if (backend === 'wasm') repairWasmForward(tf, replace);
  findLargestInWindows(tf, replace);
  if (backend !== 'webgpu') keepNaNInWindows(tf, replace);
  mended.add(tf.getKernel(tf.Einsum, backend));
}

/** What holds arrays on the CPU. */
interface HostBackend {
  readSync(dataId: object): ArrayLike<number>;
  makeTensorInfo(
    shape: readonly number[],
    dtype: string,
    values: Float32Array | Int32Array,
  ): tensorflow.TensorInfo;
}

/** A cast of whole numbers or truth values has an array of its own type. */
const castInFull =
  (stock: Kernel): Kernel =>
  (call) => {
    const { x } = call.inputs;
    const dtype = call.attrs.dtype as tensorflow.DataType;
    const shares = dtype === 'float32' || dtype === 'int32' ? ['int32', 'bool'] : [];
    if (!shares.includes(x.dtype) || x.dtype === dtype) return stock(call);
    const backend = call.backend as HostBackend;
    const entries = backend.readSync(x.dataId);
    const values = dtype === 'float32' ? Float32Array.from(entries) : Int32Array.from(entries);
    return backend.makeTensorInfo(x.shape, dtype, values);
  };
