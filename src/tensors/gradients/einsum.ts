import type * as tensorflow from '@tensorflow/tfjs';
import { contraction } from './contraction.js';
import type { Family, Tf } from './gradient.js';

type Tensor = tensorflow.Tensor;

/** Sums of products over named axes have no gradient in TensorFlow.js; it is another such sum. */
export const einsums: Family = (tf) => [
  {
    kernelName: tf.Einsum,
    saveAllInputs: true,
    gradFunc: (given, operands, attrs) => {
      const dy = given as Tensor;
      const [left, output] = (attrs as unknown as tensorflow.EinsumAttrs).equation
        .replace(/\s/g, '')
        .split('->');
      const names = left.split(',');
      const gradients: { [operand: number]: () => Tensor } = {};
      operands.forEach((operand, i) => {
        gradients[i] = () => gradientOf(tf, operand, names[i], dy, output, operands[1 - i], names[1 - i]);
      });
      return gradients;
    },
  },
];

function gradientOf(
  tf: Tf,
  operand: Tensor,
  names: string,
  dy: Tensor,
  output: string,
  other: Tensor | undefined,
  others = '',
): Tensor {
  const found = [...names].filter((name) => output.includes(name) || others.includes(name)).join('');
  const sum = other
    ? contraction(tf, `${output},${others}->${found}`, [dy, other])
    : contraction(tf, `${output}->${found}`, [dy]);
  // An axis that was summed over in this operand alone: every entry along it has the same gradient.
  const kept = operand.shape.map((size, axis) => (found.includes(names[axis]) ? size : 1));
  return tf.broadcastTo(tf.reshape(sum, kept), operand.shape);
}
