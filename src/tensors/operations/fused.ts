import type * as tensorflow from '@tensorflow/tfjs';
import type { Gradient, Tf } from '../gradients/gradient.js';
import { pullBack, pushForward } from '../gradients/pull-back.js';

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
/** The kernel of ẏ = Jẋ: inputs and their tangents in, each under its name with a dot before it. */
export const tangentOf = (name: string): string => `${name}Tangent`;
/** The kernel of ∇⟨Jẋ, dy⟩ by the inputs: inputs, their tangents and `dy` in, a gradient by each input out. */
export const curvatureOf = (name: string): string => `${name}Curvature`;

/** Computes the operation: by its kernel where the backend has it. */
export function compute(
  tf: Tf,
  { name, inputs, composed }: Fused,
  xs: readonly Tensor[],
  attrs: Attributes = {},
): Tensor {
  const kernel = kernelOf(tf, name);
  return kernel ? kernel(namedBy(inputs, xs), attrs)[0] : tf.tidy(() => composed(tf, xs, attrs));
}

/** The kernel of this name as a function, where the backend in use has it. */
function kernelOf(
  tf: Tf,
  name: string,
): ((inputs: { readonly [name: string]: Tensor }, attrs: Attributes) => Tensor[]) | undefined {
  const engine = tf.engine();
  if (tf.getKernel(name, engine.backendName) === undefined) return undefined;
  return (inputs, attrs) => {
    const made: Tensor | Tensor[] = engine.runKernel(name, inputs, attrs as tensorflow.NamedAttrMap);
    return Array.isArray(made) ? made : [made];
  };
}

const namedBy = (names: readonly string[], tensors: readonly Tensor[]): { [name: string]: Tensor } =>
  Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
const dotted = (names: readonly string[]): string[] => names.map((name) => `.${name}`);

/** ẏ = Jẋ of the operation, from all its tangents. */
export function tangent(
  tf: Tf,
  { name, inputs, composed }: Fused,
  xs: readonly Tensor[],
  tangents: readonly Tensor[],
  attrs: Attributes,
): Tensor {
  const kernel = kernelOf(tf, tangentOf(name));
  if (kernel) return kernel({ ...namedBy(inputs, xs), ...namedBy(dotted(inputs), tangents) }, attrs)[0];
  return pushForward(tf, (...operands) => composed(tf, operands, attrs), xs, tangents);
}

/**
 * The gradients of the kernel, and of those of its derivatives. Of ⟨Jᵀdy, ẋ⟩ = ⟨Jẋ, dy⟩ the gradient by dy is the
 * tangent, and those by the inputs are the curvature. Where there is no kernel, a derivative is derived from what the
 * operation is composed of, and so are all further ones.
 */
export function fusedGradients(tf: Tf, operation: Fused): readonly Gradient[] {
  const { name, inputs, composed } = operation;
  const count = inputs.length;
  const from = (attrs: Attributes) => (operands: readonly Tensor[]) => composed(tf, operands, attrs);
  const back = (xs: readonly Tensor[], dy: Tensor, attrs: Attributes) =>
    pullBack(tf, (...operands) => from(attrs)(operands), xs, dy);
  /** ⟨Jẋ, dy⟩ */
  const along = (xs: readonly Tensor[], tangents: readonly Tensor[], dy: Tensor, attrs: Attributes) =>
    back(xs, dy, attrs)
      .map((gradient, i) => tf.sum(tf.mul(gradient, tangents[i])))
      .reduce((sum, term) => tf.add(sum, term));
  const curvature = (
    xs: readonly Tensor[],
    tangents: readonly Tensor[],
    dy: Tensor,
    attrs: Attributes,
  ): Tensor[] => {
    const kernel = kernelOf(tf, curvatureOf(name));
    if (kernel) return kernel({ ...namedBy(inputs, xs), ...namedBy(dotted(inputs), tangents), dy }, attrs);
    return pullBack(tf, (...operands) => along(operands, tangents, dy, attrs), xs, tf.scalar(1));
  };
  const answer = (names: readonly string[], gradients: readonly Tensor[]) =>
    Object.fromEntries(names.map((input, i) => [input, () => gradients[i]]));
  return [
    {
      kernelName: name,
      inputsToSave: [...inputs],
      gradFunc: (given, xs, attrs = {}) => {
        const dy = given as Tensor;
        const kernel = kernelOf(tf, gradientOf(name));
        return answer(inputs, kernel ? kernel({ ...namedBy(inputs, xs), dy }, attrs) : back(xs, dy, attrs));
      },
    },
    {
      kernelName: gradientOf(name),
      inputsToSave: [...inputs, 'dy'],
      gradFunc: (given, saved, attrs = {}) => {
        const tangents = Array.isArray(given) ? given : [given];
        const [xs, dy] = [saved.slice(0, count), saved[count]];
        return {
          ...answer(inputs, curvature(xs, tangents, dy, attrs)),
          dy: () => tangent(tf, operation, xs, tangents, attrs),
        };
      },
    },
    {
      kernelName: tangentOf(name),
      inputsToSave: [...inputs, ...dotted(inputs)],
      gradFunc: (given, saved, attrs = {}) => {
        const [xs, tangents] = [saved.slice(0, count), saved.slice(count)];
        const dy = given as Tensor;
        return {
          ...answer(inputs, curvature(xs, tangents, dy, attrs)),
          ...answer(dotted(inputs), back(xs, dy, attrs)),
        };
      },
    },
    {
      kernelName: curvatureOf(name),
      inputsToSave: [...inputs, ...dotted(inputs), 'dy'],
      gradFunc: (given, saved, attrs = {}) => {
        const weights = Array.isArray(given) ? given : [given];
        const weighted = (...operands: Tensor[]): Tensor => {
          const [xs, tangents] = [operands.slice(0, count), operands.slice(count, 2 * count)];
          return pullBack(tf, (...own) => along(own, tangents, operands[2 * count], attrs), xs, tf.scalar(1))
            .map((gradient, i) => tf.sum(tf.mul(gradient, weights[i])))
            .reduce((sum, term) => tf.add(sum, term));
        };
        return answer([...inputs, ...dotted(inputs), 'dy'], pullBack(tf, weighted, saved, tf.scalar(1)));
      },
    },
  ];
}
