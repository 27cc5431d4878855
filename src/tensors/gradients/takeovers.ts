import type * as tensorflow from '@tensorflow/tfjs';
import type { Bilinear } from './bilinear.js';
import { type ConvolutionAttrs, convolution } from './convolutions.js';
import { depthwiseConvolution } from './depthwise.js';
import type { Tf } from './gradient.js';
import type { Takeover } from './tape.js';
import { unspread } from './unspread.js';

/** Operations whose gradient TensorFlow.js writes into the operation itself, where no register reaches it. */
export const takeovers = (tf: Tf): readonly Takeover[] => [
  {
    // Stock takes the logarithms it has saved for a constant, and labels that do not sum to one for such as do.
    name: 'softmaxCrossEntropy__op',
    gradient: (dy, { 0: labels, 1: logits }) => {
      const errors = tf.reshape(dy, [...dy.shape, 1]);
      const total = () => tf.sum(labels, -1, true);
      return {
        0: () => tf.neg(tf.mul(errors, tf.logSoftmax(logits))),
        1: () => tf.mul(errors, tf.sub(tf.mul(tf.softmax(logits), total()), labels)),
      };
    },
  },
  {
    // Stock reads its input after it may have been disposed of.
    name: 'logSigmoid__op',
    gradient: (dy, { 0: x }) => ({ 0: () => tf.mul(dy, tf.sigmoid(tf.neg(x))) }),
  },
  {
    // Stock fails without a scale.
    name: tf.FusedBatchNorm,
    gradient: (dy, { x, mean, variance, scale, offset }, attrs) => {
      const { varianceEpsilon } = attrs as tensorflow.FusedBatchNormAttrs;
      const invert = () => tf.rsqrt(tf.add(variance, varianceEpsilon));
      const scaled = () => (scale ? tf.mul(dy, scale) : dy);
      const centred = () => tf.sub(x, mean);
      return {
        x: () => tf.mul(scaled(), invert()),
        mean: () => tf.neg(unspread(tf, tf.mul(scaled(), invert()), mean.shape)),
        variance: () => {
          const cube = tf.mul(-0.5, tf.mul(invert(), tf.square(invert())));
          return unspread(tf, tf.mul(tf.mul(scaled(), centred()), cube), variance.shape);
        },
        scale: () => unspread(tf, tf.mul(dy, tf.mul(centred(), invert())), scale.shape),
        offset: () => unspread(tf, dy, offset.shape),
      };
    },
  },
  fused(tf, 'fusedConv2d__op', tf.FusedConv2D, convolution(tf)),
  fused(tf, 'fusedDepthwiseConv2d__op', tf.FusedDepthwiseConv2D, depthwiseConvolution(tf)),
];

/** A convolution with a bias; its activation is an operation of its own by then. */
function fused(tf: Tf, name: string, kernel: string, of: Bilinear<ConvolutionAttrs>): Takeover {
  return {
    name,
    kernel,
    gradient: (given, { 0: x, 1: filter, 2: bias }, attrs) => {
      const dy = given.rank === 3 ? tf.reshape(given, [1, ...given.shape]) : given;
      return {
        0: () => of.image(dy, filter, x.shape, attrs as ConvolutionAttrs),
        1: () => of.filter(x, dy, filter.shape, attrs as ConvolutionAttrs),
        2: () => unspread(tf, dy, bias.shape),
      };
    },
  };
}
