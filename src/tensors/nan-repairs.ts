import * as tf from '@tensorflow/tfjs';
import { type Call, callKernel, type Kernel, replaceKernel } from './kernel.js';

/** What a kernel is tried on: its inputs, NaN among them, and its attributes. */
interface Trial {
  readonly inputs: (nan: tf.Tensor, one: tf.Tensor) => Call['inputs'];
  readonly attrs?: Call['attrs'];
}

const alone: readonly Trial[] = [{ inputs: (x) => ({ x }) }];
const oneOfTwo: readonly Trial[] = [
  { inputs: (nan, one) => ({ a: nan, b: one }) },
  { inputs: (nan, one) => ({ a: one, b: nan }) },
];
const trials: { readonly [kernel: string]: readonly Trial[] } = {
  ...{ Sign: alone, Relu: alone, Relu6: alone },
  ...{ Maximum: oneOfTwo, Minimum: oneOfTwo },
  ClipByValue: [{ ...alone[0], attrs: { clipValueMin: -1, clipValueMax: 1 } }],
};
/** What shaders get wrong besides: their compilers may take it that there is no NaN. */
const onCards: typeof trials = {
  ...{ Exp: alone, Expm1: alone, Log: alone, Log1p: alone, Sinh: alone, Cosh: alone, Asinh: alone },
  ...{ Acosh: alone, Atanh: alone, Sigmoid: alone, Softplus: alone, Elu: alone, Selu: alone },
};

const watched = new Set<string>();

/**
 * Mends the kernels of a backend that swallow NaN: `sign`, `maximum`, `minimum`, `clipByValue`, exponentials and
 * activations are tried on NaNs when they are first called, one written down and one computed (0/0, whose sign bit is
 * set on many machines), and where one gives a number, it is followed by a selection that puts NaN back. Idempotent.
 */
export function repairNaN(backend: string): void {
  for (const [name, attempts] of Object.entries({ ...trials, ...(backend === 'webgpu' && onCards) })) {
    const place = `${backend} ${name}`;
    if (watched.has(place)) continue;
    replaceKernel(name, backend, (stock) => {
      let chosen: Kernel | undefined;
      return (call) => {
        chosen ??= swallowsNaN(stock, attempts, call.backend) ? keepingNaN(stock, backend) : stock;
        return chosen(call);
      };
    });
    watched.add(place);
  }
}

function swallowsNaN(kernel: Kernel, attempts: readonly Trial[], backend: object): boolean {
  const { readSync, disposeData } = backend as {
    readSync(dataId: object): ArrayLike<number>;
    disposeData(dataId: object): boolean;
  };
  let swallows = false;
  tf.tidy(() => {
    const zero = tf.tensor1d([0]);
    const nan = tf.concat([tf.tensor1d([Number.NaN]), tf.div(zero, zero)]);
    const one = tf.tensor1d([1]);
    swallows = attempts.some(({ inputs, attrs = {} }) => {
      const result = kernel({ inputs: inputs(nan, one), attrs, backend });
      const values = Array.from(readSync.call(backend, result.dataId));
      if (!(result instanceof tf.Tensor)) disposeData.call(backend, result.dataId);
      return !values.every(Number.isNaN);
    });
  });
  return swallows;
}

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
