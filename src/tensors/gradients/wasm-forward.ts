import type * as tensorflow from '@tensorflow/tfjs';
import { type ConvolutionAttrs, imageGradient, windowsOf } from './convolutions.js';

import type { Tf } from './gradient.js';
import { dilated } from './morphology.js';
import { maxPooled } from './poolings.js';
import type { Kernel, Replace } from './replace.js';
import { unfused } from './unfused.js';

type Tensor = tensorflow.Tensor;

/**
 * Values of the WebAssembly backend. Stock: activations fused with a convolution lose a NaN, `prelu` multiplies
 * positive entries by 0·α; `clipByValue` takes int32 for float32; indices outside of a tensor
 * are read as zeros, or not written; `maxPool3d` and `dilation2d` of negative numbers give 1.2·10⁻³⁸,
 * `conv3dTranspose` zeros, as do convolutions padded to the same size whose filter is shorter than its stride; a number as padding with windows that are not square writes beyond the memory of the
 * result, and is refused here.
 */
export function repairWasmForward(tf: Tf, replace: Replace): void {
  replace(tf.ClipByValue, (stock) => (call) => {
    const { x } = call.inputs;
    if (x.dtype !== 'int32') return stock(call);
    const { clipValueMin: low, clipValueMax: high } = call.attrs as { readonly [name: string]: number };
    return tf.tidy(() => tf.minimum(tf.maximum(x, whole(tf, Math.ceil(low))), whole(tf, Math.floor(high))));
  });
  refuseOutside(tf, replace, tf.GatherNd, ({ params }) => params.shape);
  refuseOutside(tf, replace, tf.ScatterNd, (_, { shape }) => shape as number[]);
  refuseOutside(tf, replace, tf.TensorScatterUpdate, ({ tensor }) => tensor.shape);
  replace(
    tf.MaxPool3D,
    () =>
      ({ inputs, attrs }) =>
        tf.tidy(() => maxPooled(tf, inputs.x, attrs)),
  );
  replace(
    tf.Dilation2D,
    () =>
      ({ inputs: { x, filter }, attrs }) =>
        tf.tidy(() => dilated(tf, x, filter, attrs as unknown as tensorflow.Dilation2DAttrs)),
  );
  replace(
    tf.Conv3DBackpropInputV2,
    () =>
      ({ inputs: { dy, filter }, attrs }) =>
        tf.tidy(() => {
          const { inputShape, ...given } = attrs as unknown as ConvolutionAttrs & { inputShape: number[] };
          return imageGradient(tf, dy, filter, inputShape, given);
        }),
  );
  replace(
    tf.Prelu,
    () =>
      ({ inputs: { x, alpha } }) =>
        tf.tidy(() => tf.where(tf.greaterEqual(x, 0), x, tf.mul(alpha, x))),
  );
  replace(tf.FusedConv2D, (stock) => unfused(tf, stock, activations));
  replace(tf.FusedDepthwiseConv2D, (stock) => unfused(tf, stock, activations));
  for (const name of [tf.Conv2D, tf.FusedConv2D, tf.DepthwiseConv2dNative, tf.FusedDepthwiseConv2D]) {
    replace(name, (stock) => (call) => {
      const { x, filter } = call.inputs;
      refuseOblong(name, call.attrs, filter.shape);
      return stock({ ...call, attrs: { ...call.attrs, pad: explicit(tf, x, filter, call.attrs) } });
    });
  }
  for (const name of [tf.MaxPool, tf.AvgPool]) {
    replace(name, (stock) => (call) => {
      refuseOblong(name, call.attrs, call.attrs.filterSize as number | number[]);
      return stock(call);
    });
  }
}

/** Those that stock kernels get wrong where they are fused. */
const activations = ['relu', 'relu6', 'prelu'] as const;

type Call = Parameters<Kernel>[0];

/** Refuses indices, rows of `indices`, that are not in the shape, as the CPU does. */
function refuseOutside(
  tf: Tf,
  replace: Replace,
  name: string,
  shapeOf: (inputs: Call['inputs'], attrs: Call['attrs']) => readonly number[],
): void {
  if (tf.getKernel(name, 'wasm') === undefined) return;
  replace(name, (stock) => (call) => {
    const { indices } = call.inputs;
    const shape = shapeOf(call.inputs, call.attrs);
    const depth = indices.shape.at(-1) ?? 0;
    const { readSync } = call.backend as { readSync(dataId: object): Int32Array };
    const places = readSync.call(call.backend, indices.dataId);
    for (let i = 0; i < places.length; i++) {
      if (places[i] >= 0 && places[i] < shape[i % depth]) continue;
      const row = Math.floor(i / depth) * depth;
      throw new RangeError(
        `${name}(indices): expected places in [${shape}], got [${places.subarray(row, row + depth)}]`,
      );
    }
    return stock(call);
  });
}

/** The padding, said in numbers where windows leave entries between them. */
function explicit(tf: Tf, x: Tensor, filter: Tensor, given: { readonly [name: string]: unknown }): unknown {
  if (given.pad !== 'same') return given.pad;
  const { size, strides, dilations, before, count, image } = windowsOf(
    tf,
    x.shape,
    filter.shape,
    given as unknown as ConvolutionAttrs,
  );
  const reach = [1, 2].map((axis) => (size[axis] - 1) * dilations[axis] + 1);
  if (reach.every((length, i) => length >= strides[i + 1])) return given.pad;
  const after = (axis: number) =>
    Math.max(0, (count[axis] - 1) * strides[axis] + reach[axis - 1] - before[axis] - image[axis]);
  return [
    [0, 0],
    [before[1], after(1)],
    [before[2], after(2)],
    [0, 0],
  ];
}

const whole = (tf: Tf, value: number) => tf.scalar(value, 'int32');

function refuseOblong(
  name: string,
  attrs: { readonly [name: string]: unknown },
  size: number | readonly number[],
): void {
  if (typeof attrs.pad !== 'number') return;
  const pair = (given: unknown) =>
    Array.isArray(given) ? (given as number[]) : [given as number, given as number];
  const [strides, dilations, sizes] = [pair(attrs.strides), pair(attrs.dilations ?? 1), pair(size)];
  const square = (sizes[0] - 1) * dilations[0] === (sizes[1] - 1) * dilations[1] && strides[0] === strides[1];
  if (square) return;
  throw new RangeError(
    `${name}(pad): a number takes square windows, got ${sizes[0]} × ${sizes[1]} by ${strides.join(' × ')}; ` +
      'give [[0, 0], [top, bottom], [left, right], [0, 0]]',
  );
}
