import type * as tensorflow from '@tensorflow/tfjs';
import type { Tf } from './gradient.js';

type Tensor = tensorflow.Tensor;

/**
 * A sum of products over named axes (einsum) of one or two operands, as a product of matrices:
 * [shared, left, summed] · [shared, summed, right].
 *
 * @param equation as 'bij,bjk->bik'; no name twice in one operand
 */
export function contraction(tf: Tf, equation: string, operands: readonly Tensor[]): Tensor {
  const [left, output] = equation.replace(/\s/g, '').split('->');
  const names = left.split(',');
  const alone = operands.map((x, i) => {
    const wanted = output + (names[1 - i] ?? '');
    const axes = [...names[i]].flatMap((name, axis) => (wanted.includes(name) ? [] : [axis]));
    return axes.length > 0 ? tf.sum(x, axes) : x;
  });
  const [a, b] = names.map((own, i) =>
    [...own].filter((name) => (output + (names[1 - i] ?? '')).includes(name)),
  );
  if (operands.length === 1) return ordered(tf, alone[0], a, [...output]);

  const shared = a.filter((name) => b.includes(name) && output.includes(name));
  const summed = a.filter((name) => b.includes(name) && !output.includes(name));
  const [onlyA, onlyB] = [a.filter((name) => !b.includes(name)), b.filter((name) => !a.includes(name))];
  const size = (those: readonly string[]) =>
    those.reduce((length, name) => {
      const [x, own] = a.includes(name) ? [alone[0], a] : [alone[1], b];
      return length * x.shape[own.indexOf(name)];
    }, 1);
  const stack = (x: Tensor, own: readonly string[], rows: readonly string[], columns: readonly string[]) =>
    tf.reshape(ordered(tf, x, own, [...shared, ...rows, ...columns]), [
      size(shared),
      size(rows),
      size(columns),
    ]);
  const product = tf.matMul(stack(alone[0], a, onlyA, summed), stack(alone[1], b, summed, onlyB));
  const axes = [...shared, ...onlyA, ...onlyB];
  return ordered(
    tf,
    tf.reshape(
      product,
      axes.map((name) => size([name])),
    ),
    axes,
    [...output],
  );
}

/** x with its axes, named by `from`, in the order `to`. */
function ordered(tf: Tf, x: Tensor, from: readonly string[], to: readonly string[]): Tensor {
  const order = to.map((name) => from.indexOf(name));
  return order.every((axis, i) => axis === i) ? x : tf.transpose(x, order);
}
