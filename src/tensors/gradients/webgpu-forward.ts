import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';
import { summedNearby } from './normalisations.js';
import { cosine, sine } from './reduced-angle.js';
import { runningProduct } from './reductions.js';
import type { Kernel, Replace } from './replace.js';
import { dilationWithNaN } from './special-values.js';
import { unfused } from './unfused.js';

type Tensor = tensorflow.Tensor;

/** Arrays that a kernel may read: of the 8 that every card binds, one is written. */
const bound = 7;

/**
 * Values of the WebGPU backend. Stock, kernels for five axes (`pad`, `stridedSlice`, `where`), for whole numbers and truth
 * values (`transpose`, also of such as have been cast) and for many arrays (`addN`) do not compile, so that their
 * results are what the memory held; running products are wrong; activations in a fused kernel, softmax, maxima of
 * windows and local response normalisation lose a NaN; `asinh` and `log1p` have numbers for −∞; sine and cosine are as coarse as the driver makes them,
 * 2⁻¹² on some: where that is seen, angles are reduced here.
 */
export function repairWebgpuForward(tf: Tf, replace: Replace): void {
  const tensor = (info: tensorflow.TensorInfo): Tensor => tf.engine().makeTensorFromTensorInfo(info);

  const of = (stock: Kernel, call: Parameters<Kernel>[0], x: Tensor) =>
    tensor(stock({ ...call, inputs: { x } }));
  replace(tf.Cast, (stock) => (call) => {
    const { x } = call.inputs;
    const shares = x.dtype !== 'float32' && call.attrs.dtype === 'float32'; // whole numbers under another name
    return shares ? tf.tidy(() => tf.mul(tensor(stock(call)), 1)) : stock(call);
  });

  replace(tf.Transpose, (stock) => (call) => {
    const { x } = call.inputs;
    if (x.dtype === 'float32') return stock(call);
    const moved = (of: Tensor) =>
      tf.cast(tensor(stock({ ...call, inputs: { x: tf.cast(of, 'float32') } })), 'int32');
    return tf.tidy(() => {
      if (x.dtype === 'bool') return tf.cast(moved(x), 'bool');
      const half = tf.scalar(2 ** 16, 'int32'); // float32 holds 24 bits of 32
      const high = tf.floorDiv(x, half);
      return tf.add(tf.mul(moved(high), half), moved(tf.sub(x, tf.mul(high, half))));
    });
  });

  replace(tf.PadV2, (stock) => (call) => {
    const { x } = call.inputs;
    if (x.rank < 5) return stock(call);
    const { paddings, constantValue } = call.attrs as unknown as tensorflow.PadV2Attrs;
    return tf.tidy(() =>
      axisByAxis(tf, x, (three, axis) => {
        const [before, after] = paddings[axis];
        if (before + after === 0) return three;
        return tf.pad(three, [[0, 0], [before, after], [0, 0]], constantValue); // biome-ignore format: a row
      }),
    );
  });

  replace(tf.StridedSlice, (stock) => (call) => {
    const { x } = call.inputs;
    if (x.rank < 5) return stock(call);
    const given = call.attrs as unknown as tensorflow.StridedSliceAttrs;
    const { begin, end, strides } = tf.slice_util.sliceInfo(
      x.shape,
      ...([given.begin, given.end, given.strides, given.beginMask, given.endMask] as const),
      ...([given.ellipsisMask, given.newAxisMask, given.shrinkAxisMask] as const),
    );
    return tf.tidy(() =>
      axisByAxis(tf, x, (three, axis) => {
        const [first, last, stride] = [begin[axis], end[axis], strides[axis]];
        if (first === 0 && last === three.shape[1] && stride === 1) return three;
        const open = last < 0 ? 2 : 0; // backwards to the first entry
        return tf.stridedSlice(
          three,
          [0, first, 0],
          [three.shape[0], last, three.shape[2]!],
          [1, stride, 1],
          0,
          open,
        );
      }),
    );
  });

  replace(tf.AddN, (stock) => (call) => {
    const terms = Object.values(call.inputs);
    if (terms.length <= bound) return stock(call);
    return tf.tidy(() => {
      const sums: Tensor[] = [];
      for (let i = 0; i < terms.length; i += bound) sums.push(tf.addN(terms.slice(i, i + bound)));
      return tf.addN(sums);
    });
  });

  const counted = (axis: number, { rank }: Tensor) => (axis < 0 ? axis + rank : axis);
  replace(tf.Cumsum, (stock) => (call) => {
    const axis = counted(call.attrs.axis as number, call.inputs.x);
    return stock({ ...call, attrs: { ...call.attrs, axis } });
  });
  replace(tf.Cumprod, () => ({ inputs: { x }, attrs }) => {
    const { axis, exclusive, reverse } = attrs as unknown as tensorflow.CumprodAttrs;
    return tf.tidy(() => runningProduct(tf, x, counted(axis, x), exclusive, reverse));
  });

  replace(tf.Select, (stock) => (call) => {
    if (call.inputs.t.shape.length < 5) return stock(call);
    const backend = call.backend as { incRef(dataId: object): void };
    const borrowed = (x: tensorflow.TensorInfo): Tensor => {
      if (x instanceof tf.Tensor) return x;
      backend.incRef(x.dataId); // another kernel's, which frees it itself
      return tensor(x);
    };
    return tf.tidy(() => {
      const [condition, t, e] = [call.inputs.condition, call.inputs.t, call.inputs.e].map(borrowed);
      const [length, row] = [t.size, t.size / t.shape[0]];
      const spread = condition.rank === 1 ? tf.tile(tf.reshape(condition, [-1, 1]), [1, row]) : condition;
      const flat = (x: Tensor) => tf.reshape(x, [length]);
      return tf.reshape(tf.where(flat(spread), flat(t), flat(e)), t.shape);
    });
  });

  replace(tf.Softmax, () => ({ inputs: { logits }, attrs }) => {
    const dim = attrs.dim as number;
    return tf.tidy(() => {
      const powers = tf.exp(tf.sub(logits, tf.max(logits, dim, true)));
      return tf.div(powers, tf.sum(powers, dim, true));
    });
  });
  for (const name of [tf._FusedMatMul, tf.FusedConv2D, tf.FusedDepthwiseConv2D]) {
    replace(name, (stock) => unfused(tf, stock, ['elu', 'leakyrelu', 'relu6', 'sigmoid']));
  }

  for (const name of [tf.MaxPool, tf.MaxPool3D]) {
    replace(name, (stock) => (call) => {
      const { x } = call.inputs;
      return tf.tidy(() => {
        const unknown = of(stock, call, tf.cast(tf.isNaN(x), 'float32'));
        return tf.where(tf.greater(unknown, 0), tf.fill(unknown.shape, Number.NaN), of(stock, call, x));
      });
    });
  }
  replace(tf.Dilation2D, (stock) => dilationWithNaN(tf, stock));
  replace(tf.LRN, (stock) => (call) => {
    const { x } = call.inputs;
    return tf.tidy(() => {
      const unknown = summedNearby(tf, tf.cast(tf.isNaN(x), 'float32'), call.attrs.depthRadius as number);
      return tf.where(tf.greater(unknown, 0), tf.fill(x.shape, Number.NaN), of(stock, call, x));
    });
  });
  replace(tf.Asinh, (stock) => (call) => {
    const { x } = call.inputs;
    return tf.tidy(() => tf.mul(tf.sign(x), of(stock, call, tf.abs(x))));
  });
  replace(tf.Log1p, (stock) => (call) => {
    const { x } = call.inputs;
    return tf.tidy(() => tf.where(tf.less(x, -1), tf.fill(x.shape, Number.NaN), of(stock, call, x)));
  });
  if (!coarse(tf)) return;
  replace(
    tf.Sin,
    () =>
      ({ inputs: { x } }) =>
        tf.tidy(() => sine(tf, x)),
  );
  replace(
    tf.Cos,
    () =>
      ({ inputs: { x } }) =>
        tf.tidy(() => cosine(tf, x)),
  );
  replace(
    tf.Tan,
    () =>
      ({ inputs: { x } }) =>
        tf.tidy(() => tf.div(sine(tf, x), cosine(tf, x))),
  );
}

/** Works on one axis at a time, the middle one of three: those before and those behind are taken together. */
function axisByAxis(tf: Tf, x: Tensor, work: (three: Tensor, axis: number) => Tensor): Tensor {
  const size = (sides: readonly number[]) => sides.reduce((product, side) => product * side, 1);
  let result = x;
  for (let axis = 0; axis < x.rank; axis++) {
    const { shape } = result;
    const [before, after] = [shape.slice(0, axis), shape.slice(axis + 1)];
    const three = work(tf.reshape(result, [size(before), shape[axis], size(after)]), axis);
    result = tf.reshape(three, [...before, three.shape[1]!, ...after]);
  }
  return result;
}

/** Whether sines are off by more than rounding. */
function coarse(tf: Tf): boolean {
  return tf.tidy(() => {
    const angles = tf.linspace(-8, 8, 2_000);
    const [at, found] = [angles.dataSync(), tf.sin(tf.add(angles, 0)).dataSync()];
    return found.some((value, i) => Math.abs(value - Math.sin(at[i])) > 2 ** -20);
  });
}
