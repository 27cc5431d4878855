import * as tf from '@tensorflow/tfjs';
import { type Call, callKernel, type Kernel, replaceKernel } from './kernel.js';

/**
 * Mends the kernels of a backend that swallow NaN: `sign`, `maximum`, `minimum`, `clipByValue`, exponentials and
 * activations are tried on NaNs, one written down and one computed (0/0, whose sign bit is set on many machines), and where one gives a number, it is followed by a selection that puts NaN back. Idempotent.
 */
export function repairNaN(backend: string): void {
  const nan = tf.tidy(() => {
    const zero = tf.tensor1d([0]);
    return tf.concat([tf.tensor1d([Number.NaN]), tf.div(zero, zero)]);
  });
  const one = tf.tensor1d([1]);
  const trials: { readonly [kernel: string]: readonly (() => tf.Tensor)[] } = {
    Sign: [() => tf.sign(nan)],
    Maximum: [() => tf.maximum(nan, one), () => tf.maximum(one, nan)],
    Minimum: [() => tf.minimum(nan, one), () => tf.minimum(one, nan)],
    ClipByValue: [() => tf.clipByValue(nan, -1, 1)],
    Relu: [() => tf.relu(nan)],
    Relu6: [() => tf.relu6(nan)],
    ...(backend === 'webgpu' && onCards(nan)),
  };
  for (const [name, attempts] of Object.entries(trials)) {
    const swallows = attempts.some((attempt) => {
      const result = attempt();
      const values = [...result.dataSync()];
      result.dispose();
      return !values.every(Number.isNaN);
    });
    if (swallows) replaceKernel(name, backend, (stock) => keepingNaN(stock, backend));
  }
  nan.dispose();
  one.dispose();
}

/** What shaders get wrong besides: their compilers may take it that there is no NaN. */
const onCards = (nan: tf.Tensor): { readonly [kernel: string]: readonly (() => tf.Tensor)[] } => ({
  Exp: [() => tf.exp(nan)],
  Expm1: [() => tf.expm1(nan)],
  Log: [() => tf.log(nan)],
  Log1p: [() => tf.log1p(nan)],
  Sinh: [() => tf.sinh(nan)],
  Cosh: [() => tf.cosh(nan)],
  Asinh: [() => tf.asinh(nan)],
  Acosh: [() => tf.acosh(nan)],
  Atanh: [() => tf.atanh(nan)],
  Sigmoid: [() => tf.sigmoid(nan)],
  Softplus: [() => tf.softplus(nan)],
  Elu: [() => tf.elu(nan)],
  Selu: [() => tf.selu(nan)],
});

function keepingNaN(stock: Kernel, backendName: string): Kernel {
  return (call) => {
    const backend = call.backend as { disposeData(dataId: object): boolean };
    const run = (name: string, inputs: Call['inputs']) =>
      callKernel(name, backendName, { inputs, attrs: {}, backend });
    const dispose = (info: tf.TensorInfo) => {
      if (info instanceof tf.Tensor) info.dispose();
      else backend.disposeData(info.dataId);
    };
    let result = stock(call);
    for (const input of Object.values(call.inputs)) {
      if (input.dtype !== 'float32') continue;
      const zeros = run(tf.ZerosLike, { x: result });
      const spread = run(tf.Add, { a: input, b: zeros }); // the input in the shape of the result
      const condition = run(tf.IsNan, { x: spread });
      const mended = run(tf.Select, { condition, t: spread, e: result });
      for (const info of [zeros, spread, condition, result]) dispose(info);
      result = mended;
    }
    return result;
  };
}
