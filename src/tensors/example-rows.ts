import * as tf from '@tensorflow/tfjs';
import { denseOperation } from './operations/dense.js';
import { compute } from './operations/fused.js';
import { layerNormOperation } from './operations/layer-norm.js';
import { savedByName, type TapeNode } from './tangents.js';

/**
 * The part of each example in the gradient by an input that all examples share: [examples, …], from dy; undefined
 * where the operation does not use it so. It looks at shapes alone until it is called for the part.
 */
type Rule = (node: TapeNode, input: string, examples: number) => ((dy: tf.Tensor) => tf.Tensor) | undefined;

/** Operations that only look at a tensor otherwise. */
const views: ReadonlySet<string> = new Set([tf.Reshape, tf.ExpandDims, tf.Identity]);

const rules: { readonly [kernel: string]: Rule } = {
  [denseOperation.name]: (node, input, n) => {
    const { x } = savedByName(node);
    if (input === 'kernel') return (dy) => tf.matMul(byExample(x, n), byExample(dy, n), true);
    return input === 'bias' ? (dy) => tf.sum(byExample(dy, n), 1) : undefined;
  },
  [tf.BatchMatMul]: (node, input, n) => {
    const { transposeA, transposeB } = node.attrs as { transposeA?: boolean; transposeB?: boolean };
    const { a } = savedByName(node);
    const rowsTimesMatrix = a?.rank === 2 && node.inputs.b.rank === 2 && !transposeA && !transposeB;
    if (input !== 'b' || !rowsTimesMatrix) return undefined;
    return (dy) => tf.matMul(byExample(a, n), byExample(dy, n), true);
  },
  [layerNormOperation.name]: (node, input, n) => {
    const { x, scale, bias } = savedByName(node);
    if (input === 'bias') return (dy) => tf.sum(byExample(dy, n), 1);
    if (input !== 'scale') return undefined;
    return (dy) => {
      const operands = [x, tf.onesLike(scale), tf.zerosLike(bias)];
      const attrs = node.attrs as { readonly [name: string]: unknown };
      return tf.sum(byExample(tf.mul(dy, compute(tf, layerNormOperation, operands, attrs)), n), 1);
    };
  },
  [tf.Add]: (node, input, n) => spreadSum(node, input, n, (dy) => dy),
  [tf.Sub]: (node, input, n) => spreadSum(node, input, n, (dy) => (input === 'b' ? tf.neg(dy) : dy)),
  [tf.Multiply]: (node, input, n) => {
    const other = savedByName(node)[input === 'a' ? 'b' : 'a'];
    return other && spreadSum(node, input, n, (dy) => tf.mul(dy, other));
  },
  [tf.Tile]: (node, _, n) => {
    const { reps } = node.attrs as { readonly reps: readonly number[] };
    const { shape } = node.inputs.x;
    if (shape[0] !== 1 || reps[0] !== n || reps.slice(1).some((times) => times !== 1)) return undefined;
    return (dy) => tf.reshape(dy, [n, ...shape]);
  },
};

/** [examples·s, …] → [examples, s, width] */
const byExample = (x: tf.Tensor, examples: number): tf.Tensor =>
  tf.reshape(x, [examples, x.shape[0] / examples, -1]);

/** For an operand that is spread over the leading axes, those of the examples among them. */
function spreadSum(
  { inputs, outputs: [output] }: TapeNode,
  input: string,
  examples: number,
  part: (dy: tf.Tensor) => tf.Tensor,
): ((dy: tf.Tensor) => tf.Tensor) | undefined {
  const { shape, size } = inputs[input];
  const own = shape.slice(shape.findIndex((length) => length !== 1));
  const isTail = size === 1 || tf.util.arraysEqual(own, output.shape.slice(-own.length));
  if (!isTail || output.size < size * examples || output.size % (size * examples) !== 0) return undefined;
  return (dy) => tf.reshape(tf.sum(tf.reshape(part(dy), [examples, -1, size]), 1), [examples, ...shape]);
}

/**
 * uᵢᵀJᵢ of each example i from one backward pass: [examples, …] for each x, null where z does not depend on it.
 * Undefined where an x is used by an operation without a rule here, or examples are mixed by a reduction over them.
 *
 * @param nodes a recorded pass, from the xs to z
 * @param z rows of the examples, those of one behind those of the one before
 */
export function exampleRows(
  nodes: readonly TapeNode[],
  z: tf.Tensor,
  xs: readonly tf.Tensor[],
  u: tf.Tensor,
  examples: number,
): (tf.Tensor | null)[] | undefined {
  /** What depends on parameters alone, not on the examples. */
  const shared = new Set(xs.map(({ id }) => id));
  for (const node of nodes) {
    if (isView(node) && shared.has(Object.values(node.inputs)[0].id)) shared.add(node.outputs[0].id);
    else if (!isRuled(node, shared, examples)) return undefined;
  }
  const known = new Map<number, tf.Tensor>([[z.id, u]]);
  const add = (id: number, part: tf.Tensor) => {
    const before = known.get(id);
    known.set(id, before === undefined ? part : tf.add(before, part));
  };
  const carried = new Set(nodes.flatMap((node) => node.outputs.map(({ id }) => id)));
  for (const node of [...nodes].reverse()) {
    const dys = node.outputs.map(({ id }) => known.get(id) ?? null);
    const [dy] = dys;
    if (dys.every((one) => one === null)) continue;
    const gradients = isView(node) && shared.has(node.outputs[0].id) ? undefined : node.gradient!(dys);
    for (const [name, { id, shape }] of Object.entries(node.inputs)) {
      if (gradients === undefined) add(id, tf.reshape(dy!, [examples, ...shape]));
      else if (shared.has(id))
        add(
          id,
          tf.tidy(() => rules[node.kernelName](node, name, examples)!(dy!)),
        );
      else if (carried.has(id)) add(id, tf.tidy(gradients[name]));
    }
  }
  return xs.map(({ id }) => known.get(id) ?? null);
}

const isView = ({ kernelName, inputs }: TapeNode) =>
  views.has(kernelName) && Object.keys(inputs).length === 1;

function isRuled(node: TapeNode, shared: ReadonlySet<number>, examples: number): boolean {
  if (node.attrs === undefined || node.gradient === undefined || reducesExamples(node)) return false;
  const inputs = Object.entries(node.inputs);
  return inputs.every(
    ([name, { id }]) =>
      !shared.has(id) ||
      (node.outputs.length === 1 && rules[node.kernelName]?.(node, name, examples) !== undefined),
  );
}

const reductions: ReadonlySet<string> = new Set([tf.Sum, tf.Mean, tf.Max, tf.Min, tf.Prod]);

function reducesExamples({ kernelName, inputs, attrs }: TapeNode): boolean {
  if (kernelName === tf.FusedBatchNorm) return true;
  if (!reductions.has(kernelName)) return false;
  const [{ shape }] = Object.values(inputs);
  const { axis } = attrs as { readonly axis?: number | number[] };
  const axes = tf.util.parseAxisParam(axis ?? shape.map((_, i) => i), shape);
  return axes.includes(0);
}
