import type * as tensorflow from '@tensorflow/tfjs';
import type { Gradient, Tf } from '../gradients/gradient.js';
import { pullBack } from '../gradients/pull-back.js';

type Tensor = tensorflow.Tensor;
type Attributes = { readonly [name: string]: unknown };

/** An operation that a backend may have as one kernel, and elsewhere is composed of several. */
export interface Fused {
  readonly name: string;
  /** Its tensors, in the order in which `composed` takes them. */
  readonly inputs: readonly string[];
  /** What it computes, by operations that can be differentiated any number of times. */
  composed(tf: Tf, inputs: readonly Tensor[], attrs: Attributes): Tensor;
}

/** The kernel of an operation's gradient: inputs and `dy` in, the gradients by all inputs out. */
export const gradientOf = (name: string): string => `${name}Gradient`;

/** Computes the operation: by its kernel where the backend has it. */
export function compute(
  tf: Tf,
  { name, inputs, composed }: Fused,
  xs: readonly Tensor[],
  attrs: Attributes = {},
): Tensor {
  const engine = tf.engine();
  if (tf.getKernel(name, engine.backendName) === undefined) return tf.tidy(() => composed(tf, xs, attrs));
  const named = Object.fromEntries(inputs.map((input, i) => [input, xs[i]]));
  return engine.runKernel(name, named, attrs as Parameters<typeof engine.runKernel>[2]);
}

/**
 * The gradients of the kernel and of its gradient's kernel. The first is a kernel too; the second is derived from
 * what the operation is composed of, and so are all further ones.
 */
export function fusedGradients(tf: Tf, { name, inputs, composed }: Fused): readonly Gradient[] {
  const engine = tf.engine();
  // Where nothing leads to an operand (to a bias, from a gradient), its gradient is 0.
  const pulled = (f: (...xs: Tensor[]) => Tensor, xs: readonly Tensor[], dy: Tensor) =>
    pullBack(tf, f, xs, dy).map((gradient, i) => gradient ?? tf.zerosLike(xs[i]));
  const derived = (xs: readonly Tensor[], dy: Tensor, attrs: Attributes) =>
    pulled((...operands) => composed(tf, operands, attrs), xs, dy);
  return [
    {
      kernelName: name,
      inputsToSave: [...inputs],
      gradFunc: (given, xs, attrs) => {
        const dy = given as Tensor;
        const named = Object.fromEntries(inputs.map((input, i) => [input, xs[i]]));
        const kernel = tf.getKernel(gradientOf(name), engine.backendName);
        const made: Tensor | Tensor[] = kernel
          ? engine.runKernel(gradientOf(name), { ...named, dy }, attrs)
          : derived(xs, dy, attrs);
        const gradients = Array.isArray(made) ? made : [made];
        return Object.fromEntries(inputs.map((input, i) => [input, () => gradients[i]]));
      },
    },
    {
      kernelName: gradientOf(name),
      inputsToSave: [...inputs, 'dy'],
      gradFunc: (given, saved, attrs) => {
        const errors = Array.isArray(given) ? given : [given];
        const weighted = (...operands: Tensor[]): Tensor =>
          derived(operands.slice(0, -1), operands[operands.length - 1], attrs)
            .map((gradient, i) => tf.sum(tf.mul(gradient, errors[i])))
            .reduce((sum, term) => tf.add(sum, term));
        const gradients = pulled(weighted, saved, tf.scalar(1));
        return Object.fromEntries([...inputs, 'dy'].map((input, i) => [input, () => gradients[i]]));
      },
    },
  ];
}
