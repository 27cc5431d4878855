import type * as tensorflow from '@tensorflow/tfjs';
import type { Family, Tf } from './gradient.js';
import { pullBack } from './pull-back.js';
import { constant } from './tape.js';

type Tensor = tensorflow.Tensor;

/** Local response normalisation, y = x·(bias + α·Σ x²)^−β with the sum over neighbouring channels. */
export const normalisations: Family = (tf) => [
  {
    kernelName: tf.LRN,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () =>
        pullBack(
          tf,
          (t) => responses(tf, t, attrs as unknown as Required<tensorflow.LRNAttrs>),
          [x],
          dy as Tensor,
        )[0],
    }),
  },
];

function responses(
  tf: Tf,
  x: Tensor,
  { depthRadius, bias, alpha, beta }: Required<tensorflow.LRNAttrs>,
): Tensor {
  const sums = summedNearby(tf, tf.square(x), depthRadius);
  return tf.mul(x, tf.exp(tf.mul(-beta, tf.log(tf.add(bias, tf.mul(alpha, sums))))));
}

/** Sums over so many channels to each side. */
export function summedNearby(tf: Tf, x: Tensor, depthRadius: number): Tensor {
  const channels = x.shape[3] as number;
  const reach = Math.min(depthRadius, channels);
  const near = constant(tf, () => tf.linalg.bandPart(tf.ones([channels, channels]), reach, reach));
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, channels]), near), x.shape);
}
