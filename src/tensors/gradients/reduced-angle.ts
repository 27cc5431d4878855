import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';

type Tensor = tensorflow.Tensor;

/**
 * sin x to a few units of float32 where the driver's own is coarse: with the quarter turn k nearest to x and the rest
 * r = x − kπ/2 in [−π/4, π/4], one of ±sin r, ±cos r by Taylor's polynomials. Right to |x| of some thousands, as far as
 * π/2 in two parts reaches (Cody and Waite 1980).
 */
export function sine(tf: Tf, x: Tensor): Tensor {
  return turned(tf, x, 0);
}

/** cos x, as {@link sine}. */
export function cosine(tf: Tf, x: Tensor): Tensor {
  return turned(tf, x, 1);
}

/** π/2 in two parts: the first short enough that its products with whole numbers are exact. */
const [coarse, rest] = [1.5703125, Math.PI / 2 - 1.5703125];

function turned(tf: Tf, x: Tensor, quarters: number): Tensor {
  const k = tf.round(tf.mul(x, 2 / Math.PI));
  const r = tf.sub(tf.sub(x, tf.mul(k, coarse)), tf.mul(k, rest));
  const square = tf.square(r);
  const polynomial = (coefficients: readonly number[]) =>
    coefficients.reduceRight<Tensor>((sum, c) => tf.add(tf.mul(sum, square), c), tf.zerosLike(x));
  const sin = tf.mul(r, polynomial([1, -1 / 6, 1 / 120, -1 / 5_040, 1 / 362_880]));
  const cos = polynomial([1, -1 / 2, 1 / 24, -1 / 720, 1 / 40_320]);
  const turn = tf.add(k, quarters);
  const odd = tf.sub(turn, tf.mul(tf.floor(tf.div(turn, 2)), 2)); // 0 or 1
  const half = tf.floor(tf.div(turn, 2));
  const sign = tf.sub(1, tf.mul(tf.sub(half, tf.mul(tf.floor(tf.div(half, 2)), 2)), 2));
  return tf.mul(sign, tf.add(tf.mul(sin, tf.sub(1, odd)), tf.mul(cos, odd)));
}
