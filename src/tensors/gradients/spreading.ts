import type * as tensorflow from '@tensorflow/tfjs';
import type { Family, Tf } from './gradient.js';
import { constant } from './tape.js';
import { unspread } from './unspread.js';

type Tensor = tensorflow.Tensor;

/**
 * Operations of two operands whose stock gradients do not sum over where an operand was repeated (they throw),
 * or that give those of a/b for ⌊a/b⌋, whose derivative is zero.
 */
export const spreading: Family = (tf) => [
  choice(tf, tf.Maximum, tf.greaterEqual),
  choice(tf, tf.Minimum, tf.lessEqual),
  {
    kernelName: tf.SquaredDifference,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => {
      const slope = (x: Tensor, y: Tensor) => tf.mul(dy as Tensor, tf.mul(2, tf.sub(x, y)));
      return {
        a: () => unspread(tf, slope(a, b), a.shape),
        b: () => unspread(tf, slope(b, a), b.shape),
      };
    },
  },
  {
    kernelName: tf.FloorDiv,
    inputsToSave: ['a', 'b'],
    gradFunc: (_, [a, b]) => ({ a: () => tf.zeros(a.shape), b: () => tf.zeros(b.shape) }),
  },
  {
    kernelName: tf.BatchMatMul,
    inputsToSave: ['a', 'b'],
    gradFunc: (given, [a, b], attrs) => {
      const dy = given as Tensor;
      const { transposeA, transposeB } = attrs as unknown as tensorflow.BatchMatMulAttrs;
      const ofA = () =>
        transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB);
      const ofB = () =>
        transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false);
      return { a: () => unspread(tf, ofA(), a.shape), b: () => unspread(tf, ofB(), b.shape) };
    },
  },
];

/** The larger or the smaller operand; where both are equal, the first. */
function choice(
  tf: Tf,
  kernelName: string,
  first: (a: Tensor, b: Tensor) => Tensor,
): ReturnType<Family>[number] {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (given, [a, b]) => {
      const dy = given as Tensor;
      const mask = constant(tf, () => tf.cast(first(a, b), 'float32'));
      return {
        a: () => unspread(tf, tf.mul(dy, mask), a.shape),
        b: () => unspread(tf, tf.mul(dy, tf.sub(1, mask)), b.shape),
      };
    },
  };
}
