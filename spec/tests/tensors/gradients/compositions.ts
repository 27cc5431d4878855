import type * as Tf from '@tensorflow/tfjs';
import fc from 'fast-check';

type Tensor = Tf.Tensor;
type Step = (tf: typeof Tf, x: Tensor, k: number) => Tensor;

/** A chain of operations on a tensor; shrinks to one operation on one number. */
export interface Composition {
  readonly shape: readonly number[];
  readonly steps: readonly { readonly step: string; readonly k: number }[];
}

const elementwise = (body: (tf: typeof Tf, x: Tensor) => Tensor): Step => body;
const axisOf = (x: Tensor, k: number) => k % x.rank;
/** The tensor as a matrix. */
const matrix = (tf: typeof Tf, x: Tensor) =>
  tf.reshape(x, [x.shape.slice(0, -1).reduce((a, b) => a * b, 1), x.shape[x.rank - 1]]) as Tf.Tensor2D;
/** The tensor as an image of one channel. */
const image = (tf: typeof Tf, x: Tensor) => {
  const flat = matrix(tf, x);
  return tf.reshape(flat, [1, ...flat.shape, 1]) as Tf.Tensor4D;
};
/** A filter made of the first entries, so that products are of second order in them. */
const filter = (tf: typeof Tf, x: Tensor, shape: number[]) => {
  const size = shape.reduce((a, b) => a * b, 1);
  const flat = tf.reshape(x, [-1]);
  return tf.reshape(tf.slice(tf.tile(flat, [Math.ceil(size / x.size)]), 0, size), shape);
};

/** Every step keeps the entries moderate (by sines, whose slopes lose no digits where they are flat); which axis or size it takes goes by k. */
export const steps: { readonly [name: string]: Step } = {
  tanh: elementwise((tf, x) => tf.tanh(x)),
  sigmoid: elementwise((tf, x) => tf.sigmoid(x)),
  exp: elementwise((tf, x) => tf.exp(tf.mul(0.5, tf.sin(x)))),
  softplus: elementwise((tf, x) => tf.softplus(x)),
  logSigmoid: elementwise((tf, x) => tf.logSigmoid(x)),
  sin: elementwise((tf, x) => tf.sin(x)),
  elu: elementwise((tf, x) => tf.elu(x)),
  selu: elementwise((tf, x) => tf.selu(x)),
  relu: elementwise((tf, x) => tf.relu(x)),
  relu6: elementwise((tf, x) => tf.relu6(x)),
  leakyRelu: elementwise((tf, x) => tf.leakyRelu(x, 0.3)),
  prelu: (tf, x) => tf.prelu(x, filter(tf, x, [x.shape[x.rank - 1]])),
  clipByValue: elementwise((tf, x) => tf.clipByValue(x, -0.9, 0.8)),
  swish: elementwise((tf, x) => tf.mul(x, tf.sigmoid(x))),
  sqrt: elementwise((tf, x) => tf.sqrt(tf.add(1, tf.square(x)))),
  // Of 2 and more: 1 + x² rounds away what its logarithm is where x is small.
  log: elementwise((tf, x) => tf.log(tf.add(2, tf.square(x)))),
  rsqrt: elementwise((tf, x) => tf.rsqrt(tf.add(1, tf.square(x)))),
  reciprocal: elementwise((tf, x) => tf.reciprocal(tf.add(1, tf.square(x)))),
  pow: elementwise((tf, x) => tf.pow(tf.sigmoid(x), tf.sin(x))),
  atan2: elementwise((tf, x) => tf.atan2(x, tf.add(2, tf.cos(x)))),
  where: elementwise((tf, x) => tf.where(tf.greater(x, 0.1), tf.sin(x), tf.mul(0.5, x))),
  maximum: (tf, x, k) => tf.maximum(x, tf.mul(0.9, tf.reverse(x, axisOf(x, k)))),
  squaredDifference: (tf, x, k) => tf.sin(tf.squaredDifference(x, tf.mean(x, axisOf(x, k), true))),
  softmax: (tf, x) => tf.softmax(x),
  logSoftmax: (tf, x) => tf.sin(tf.logSoftmax(x)),
  logSumExp: (tf, x, k) => tf.sub(x, tf.logSumExp(x, axisOf(x, k), true)),
  max: (tf, x, k) => tf.add(tf.mul(0.5, x), tf.max(x, axisOf(x, k), true)),
  min: (tf, x, k) => tf.mul(tf.sin(x), tf.sin(tf.min(x, axisOf(x, k), true))),
  prod: (tf, x, k) => tf.add(x, tf.prod(tf.sin(x), axisOf(x, k), true)),
  norm: (tf, x, k) => tf.div(x, tf.add(1, tf.norm(tf.add(x, 2), 2, axisOf(x, k), true))),
  standardise: (tf, x, k) => {
    const { mean, variance } = tf.moments(x, axisOf(x, k), true);
    return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 0.5)));
  },
  cumsum: (tf, x, k) => tf.sin(tf.cumsum(x, axisOf(x, k), k % 2 === 0, k % 3 === 0)),
  cumprod: (tf, x, k) => tf.cumprod(tf.tanh(x), axisOf(x, k), k % 2 === 0, k % 3 === 0),
  topk: (tf, x) => tf.topk(x, Math.ceil(x.shape[x.rank - 1] / 2)).values,
  transpose: (tf, x, k) =>
    tf.transpose(
      x,
      [...Array(x.rank).keys()].map((axis) => (axis + k) % x.rank),
    ),
  reverse: (tf, x, k) => tf.mul(x, tf.cos(tf.reverse(x, axisOf(x, k)))),
  pad: (tf, x, k) =>
    tf.pad(
      x,
      x.shape.map((_, axis): [number, number] => [axis === axisOf(x, k) ? 1 : 0, 0]),
    ),
  mirrorPad: (tf, x, k) =>
    tf.mirrorPad(
      x,
      x.shape.map((_, axis): [number, number] => [0, axis === axisOf(x, k) ? 1 : 0]),
      'symmetric',
    ),
  tile: (tf, x, k) =>
    tf.tile(
      x,
      x.shape.map((_, axis) => (axis === axisOf(x, k) ? 2 : 1)),
    ),
  slice: (tf, x) =>
    tf.slice(
      x,
      x.shape.map((size) => (size > 2 ? 1 : 0)),
      x.shape.map((size) => (size > 2 ? size - 1 : size)),
    ),
  stridedSlice: (tf, x) =>
    tf.stridedSlice(
      x,
      x.shape.map(() => 0),
      x.shape,
      x.shape.map(() => 2),
    ),
  concat: (tf, x, k) => tf.concat([x, tf.sin(x)], axisOf(x, k)),
  unstack: (tf, x, k) =>
    tf.stack(
      tf
        .unstack(x, axisOf(x, k))
        .reverse()
        .map((part, i) => tf.mul(part, 1 / (i + 1))),
    ),
  split: (tf, x, k) => {
    const parts = tf.split(x, [1, x.shape[axisOf(x, k)] - 1], axisOf(x, k));
    return tf.concat([tf.sin(parts[0]), parts[1]], axisOf(x, k));
  },
  gather: (tf, x, k) => tf.gather(x, tf.tensor1d([0, k % x.shape[axisOf(x, k)], 0], 'int32'), axisOf(x, k)),
  gatherND: (tf, x, k) => tf.gatherND(x, tf.tensor2d([[0], [k % x.shape[0]]], [2, 1], 'int32')),
  segments: (tf, x, k) => {
    const ids = x.shape.slice(0, 1).flatMap((size) => [...Array(size).keys()].map((i) => (i * k) % 2));
    return tf.sin(tf.unsortedSegmentSum(x, tf.tensor1d(ids, 'int32'), 2));
  },
  gram: (tf, x) => tf.sin(tf.matMul(matrix(tf, x), matrix(tf, x), false, true)),
  attention: (tf, x) => {
    const rows = matrix(tf, x);
    return tf.matMul(tf.softmax(tf.matMul(rows, rows, false, true)), rows);
  },
  einsum: (tf, x) => tf.sin(tf.einsum('ij,kj->ik', matrix(tf, x), tf.sin(matrix(tf, x)))),
  conv2d: (tf, x, k) =>
    tf.sin(tf.conv2d(image(tf, x), filter(tf, x, [2, 1, 1, 2]) as Tf.Tensor4D, 1 + (k % 2), 'same')),
  conv2dDilated: (tf, x) =>
    tf.sin(tf.conv2d(image(tf, x), filter(tf, x, [2, 2, 1, 1]) as Tf.Tensor4D, 1, 'same', 'NHWC', 2)),
  depthwiseConv2d: (tf, x) =>
    tf.sin(tf.depthwiseConv2d(image(tf, x), filter(tf, x, [1, 2, 1, 2]) as Tf.Tensor4D, 1, 'same')),
  conv2dTranspose: (tf, x) => {
    const [, height, width] = image(tf, x).shape;
    const grown: [number, number, number, number] = [1, 2 * height, 2 * width, 1];
    return tf.sin(
      tf.conv2dTranspose(image(tf, x), filter(tf, x, [2, 2, 1, 1]) as Tf.Tensor4D, grown, 2, 'same'),
    );
  },
  maxPool: (tf, x, k) => tf.maxPool(image(tf, x), 2, 1 + (k % 2), 'same'),
  avgPool: (tf, x, k) => tf.avgPool(image(tf, x), 2, 1 + (k % 2), 'same'),
  resizeBilinear: (tf, x) => tf.image.resizeBilinear(image(tf, x), [3, 2]),
  batchNorm: (tf, x) => {
    const rows = matrix(tf, x);
    const { mean, variance } = tf.moments(rows, 0);
    return tf.batchNorm(rows, mean as Tf.Tensor1D, tf.add(variance, 0.5) as Tf.Tensor1D);
  },
  crossEntropy: (tf, x) => tf.losses.softmaxCrossEntropy(tf.softmax(matrix(tf, tf.sin(x))), matrix(tf, x)),
};

/** No tensor on the way holds more entries: a step that would grow it beyond is left out. */
const most = 64;

/**
 * What the composition computes; ranks beyond 4 and sizes beyond `most` are flattened and cut.
 *
 * @param shaken what is made of each step's entries
 */
export function compute(
  tf: typeof Tf,
  { steps: chain }: Composition,
  x: Tensor,
  shaken: (y: Tensor) => Tensor = (y) => y,
): Tensor {
  return chain.reduce((y, { step, k }) => {
    const next = steps[step](tf, y.rank > 0 ? y : tf.reshape(y, [1]), k);
    const flat = next.rank > 4 ? tf.reshape(next, [-1]) : next;
    return shaken(flat.size > most ? tf.slice(tf.reshape(flat, [-1]), 0, most) : flat);
  }, x);
}

export const compositions: fc.Arbitrary<Composition> = fc.record({
  shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
  steps: fc.array(fc.record({ step: fc.constantFrom(...Object.keys(steps)), k: fc.nat(11) }), {
    minLength: 1,
    maxLength: 6,
    size: 'max',
  }),
});
