import type * as tensorflow from '@tensorflow/tfjs';
import { contraction } from './contraction.js';
import type { Tf } from './gradient.js';

type Tensor = tensorflow.Tensor;
type Kernel = (call: {
  inputs: { [name: string]: Tensor };
  attrs: { [name: string]: unknown };
  backend: unknown;
}) => tensorflow.TensorInfo;

const mended = new WeakSet<object>();

/**
 * Mends kernels whose value itself is wrong, so that there is something to differentiate: `einsum` forgets
 * to sum axes of one operand alone, and hands on its operand's memory as if it were its own;
 * `tensorScatterUpdate` writes into its input; `stridedSlice` mixes up axes where some are shrunk and others
 * strided. TensorFlow's own kernels are right.
 */
export function repairForward(tf: Tf): void {
  const backend = tf.engine().backendName;
  if (!backend || backend === 'tensorflow') return;
  const replace = (kernelName: string, repair: (stock: Kernel) => Kernel) => {
    const config = tf.getKernel(kernelName, backend);
    if (config && mended.has(config)) return;
    const own = { ...config, kernelName, backendName: backend };
    const kernelFunc = repair(config?.kernelFunc as unknown as Kernel) as unknown as typeof config.kernelFunc;
    if (config) tf.unregisterKernel(kernelName, backend);
    tf.registerKernel({ ...own, kernelFunc });
    mended.add(tf.getKernel(kernelName, backend));
  };
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
    const { begin, end, strides, ...masks } = call.attrs as unknown as tensorflow.StridedSliceAttrs;
    const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = masks;
    if (shrinkAxisMask === 0 && newAxisMask === 0) return stock(call);
    const { x } = call.inputs;
    const slice = tf.slice_util.sliceInfo(
      x.shape,
      begin,
      end,
      strides,
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    );
    return tf.tidy(() =>
      tf.reshape(tf.stridedSlice(x, slice.begin, slice.end, slice.strides), slice.finalShape),
    );
  });
}
