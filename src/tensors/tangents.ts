import * as tf from '@tensorflow/tfjs';
import { addProduct } from './operations/add-product.js';
import { attentionOperation } from './operations/attention.js';
import { denseOperation } from './operations/dense.js';
import { dropoutOperation } from './operations/dropout.js';
import { compute, tangent } from './operations/fused.js';
import { geluOperation } from './operations/gelu.js';
import { layerNormOperation } from './operations/layer-norm.js';

/** An operation as a tape holds it. */
export interface TapeNode {
  readonly kernelName: string;
  readonly inputs: { readonly [name: string]: tf.Tensor };
  readonly outputs: readonly tf.Tensor[];
  /** What its gradient reads. */
  readonly saved?: readonly tf.Tensor[];
  /** Where the tape is a repaired one; empty for an operation without any. */
  readonly attrs?: object;
  /** The gradients by its inputs, from those by its outputs; null counts as 0. */
  gradient?(dys: readonly (tf.Tensor | null)[]): { readonly [name: string]: () => tf.Tensor };
}

type Tensors = { readonly [name: string]: tf.Tensor };
/** The tangent of an input; undefined for a constant. */
type TangentOf = (x: tf.Tensor) => tf.Tensor | undefined;

const names = (...all: readonly string[]): ReadonlySet<string> => new Set(all);

/** Operations that are linear in all their tensors together: the tangent is the operation on the tangents. */
const linear = names(
  ...[tf.Identity, tf.Reshape, tf.Transpose, tf.ExpandDims, tf.Concat, tf.Pack, tf.Slice, tf.SplitV],
  ...[tf.Tile, tf.Reverse, tf.Neg, tf.AddN, tf.Sum, tf.Mean],
);

/** Operations that are linear in each of two tensors: the tangent is f(ȧ, b) + f(a, ḃ). */
const bilinear = names(tf.Multiply, tf.BatchMatMul, tf.Conv2D, tf.DepthwiseConv2dNative);

/** Operations of one tensor with a symmetric Jacobian: the tangent is what the gradient makes of ẋ. */
const symmetric = names(
  ...[tf.Relu, tf.Relu6, tf.Elu, tf.Selu, tf.LeakyRelu, tf.Sigmoid, tf.Tanh, tf.Softplus, tf.Softmax],
  ...[tf.Exp, tf.Expm1, tf.Log, tf.Log1p, tf.Square, tf.Sqrt, tf.Rsqrt, tf.Abs, tf.Reciprocal],
  ...[tf.Sin, tf.Cos],
  ...[geluOperation.name, dropoutOperation.name],
);

/**
 * The tangents of an operation's outputs, from those of its inputs: ẏ = Jẋ.
 *
 * Where no rule is known: ∂/∂u ⟨Jᵀu, ẋ⟩, by differentiating the operation's gradient, which is linear in u.
 */
export function tangentsOf(node: TapeNode, tangentOf: TangentOf): tf.Tensor[] {
  const { kernelName: name, inputs, outputs, attrs } = node;
  const saved = savedByName(node);
  const tangents = Object.fromEntries(
    Object.entries(inputs).flatMap(([input, x]) => {
      const tangent = tangentOf(x);
      return tangent === undefined ? [] : [[input, tangent]];
    }),
  );
  const run = (of: object): tf.Tensor[] => {
    const made: tf.Tensor | tf.Tensor[] = tf
      .engine()
      .runKernel(name, of as tf.NamedTensorMap, attrs as tf.NamedAttrMap);
    return Array.isArray(made) ? made : [made];
  };
  if (attrs !== undefined && (name === tf.Add || name === tf.Sub)) {
    return [sumTangent(tangents, outputs[0].shape, name === tf.Sub)];
  }
  if (attrs !== undefined && linear.has(name)) {
    const of = Object.entries(inputs).map(
      ([input, x]) => [input, tangents[input] ?? tf.zeros(x.shape)] as const,
    );
    return run(Array.isArray(inputs) ? of.map(([, tangent]) => tangent) : Object.fromEntries(of));
  }
  if (attrs !== undefined && bilinear.has(name) && Object.keys(inputs).every((input) => input in saved)) {
    const terms = Object.entries(tangents).map(([input, tangent]) => run({ ...saved, [input]: tangent })[0]);
    return [terms.reduce((sum, term) => tf.add(sum, term))];
  }
  if (symmetric.has(name)) return [Object.values(node.gradient!(Object.values(tangents)))[0]()];
  if (name === denseOperation.name) return [denseTangent(tangents, saved)];
  const operation = fused.find((operation) => operation.name === name);
  if (operation !== undefined) {
    const all = operation.inputs.map((input) => tangents[input] ?? tf.zeros(inputs[input].shape));
    const xs = operation.inputs.map((input) => saved[input]);
    return [tangent(tf, operation, xs, all, attrs as { readonly [name: string]: unknown })];
  }
  return derived(node, tangents);
}

const fused = [attentionOperation, layerNormOperation];

/** ȧ ± ḃ, spread over a shape; a constant's part is left out. */
function sumTangent({ a, b }: Tensors, shape: readonly number[], minus: boolean): tf.Tensor {
  if (a !== undefined && b !== undefined) return minus ? tf.sub(a, b) : tf.add(a, b);
  return tf.broadcastTo(a ?? (minus ? tf.neg(b) : b), [...shape]);
}

/** ẋW + xẆ + ḃ */
function denseTangent({ x: dx, kernel: dKernel, bias }: Tensors, { x, kernel }: Tensors): tf.Tensor {
  const products = [dx && ([dx, kernel] as const), dKernel && ([x, dKernel] as const)];
  const [first, second] = products.filter((product) => product !== undefined);
  if (first === undefined) return bias;
  const [a, b] = first;
  const sum = bias === undefined ? tf.matMul(a, b) : compute(tf, denseOperation, [a, b, bias]);
  return second === undefined ? sum : addProduct(sum, { a: second[0], b: second[1], ...untransposed });
}

const untransposed = { transposeA: false, transposeB: false };

/** What an operation saved, by the names of its inputs. */
export function savedByName({ kernelName, saved = [] }: TapeNode): Tensors {
  const names = tf.getGradient(kernelName)?.inputsToSave ?? [];
  return Object.fromEntries(names.map((name, i) => [name, saved[i]]));
}

function derived({ outputs, gradient, kernelName }: TapeNode, tangents: Tensors): tf.Tensor[] {
  if (gradient === undefined) throw new TypeError(`${kernelName} has no gradient`);
  const us = outputs.map(({ shape }) => tf.zeros(shape));
  const along = () => {
    const gradients = gradient(us);
    return tf.addN(
      Object.entries(tangents).map(([input, tangent]) => tf.sum(tf.mul(gradients[input](), tangent))),
    );
  };
  const { grads } = tf.engine().gradients(along, us, undefined, true);
  return us.map((u, i) => grads[i] ?? u);
}
