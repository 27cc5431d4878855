import * as tf from '@tensorflow/tfjs';
import type { Loss, LossCurvature } from './loss.js';

/** One of a model's outputs, with its own loss. */
export interface OutputPart {
  readonly name: string;
  /** A row of it, without the axis of the examples; null where it changes from batch to batch. */
  readonly shape: readonly (number | null)[];
  readonly loss: Loss;
  /** The loss as the model was given it. */
  readonly given: unknown;
}

/** A loss of several outputs side by side; where it tells no curvature, why. */
export interface JointLoss {
  readonly loss: Loss;
  readonly refusal?: string;
}

/**
 * The sum of the losses of a model's outputs as one loss of one output: z = [z₁ z₂ …], [n, Σ widths], labels likewise.
 *
 * Its Hessian by z is the block diagonal of theirs, and its distribution the product: labels of different outputs are
 * drawn apart, so that a Fisher matrix, Gauss–Newton's matrix and Kronecker factors of layers that several outputs share
 * are those of the sum. That holds where each output is one term an example.
 */
export function jointLoss(parts: readonly OutputPart[]): JointLoss {
  const split = (joint: tf.Tensor, widths: readonly number[], shapes: readonly (readonly number[])[]) =>
    tf.split(joint, [...widths], 1).map((part, k) => tf.reshape(part, [-1, ...shapes[k]]));
  const shapes = parts.map(({ shape }) => shape.map((length) => length ?? 1));
  const widths = shapes.map(sizeOf);
  const labelShapes = parts.map(({ given }, k) =>
    given === 'sparseCategoricalCrossentropy' ? [...shapes[k].slice(0, -1), 1] : shapes[k],
  );
  const outputsOf = (z: tf.Tensor) => split(z, widths, shapes);
  const loss: Loss = (z, labels) => {
    const targets = split(labels, labelShapes.map(sizeOf), labelShapes);
    return tf.addN(outputsOf(z).map((output, k) => parts[k].loss(output, targets[k])));
  };
  const refusal = parts.map(refusalOf).find((why) => why !== undefined);
  if (refusal !== undefined) return { loss, refusal };
  const known = parts.map((part) => part.loss.curvature as LossCurvature);
  const each = (
    z: tf.Tensor,
    v: tf.Tensor,
    f: (of: LossCurvature, zk: tf.Tensor, vk: tf.Tensor) => tf.Tensor,
  ) => {
    const vs = outputsOf(v);
    return sideBySide(outputsOf(z).map((zk, k) => f(known[k], zk, vs[k])));
  };
  const weighted = known.some(({ weights }) => weights !== undefined);
  const weights = (z: tf.Tensor) =>
    sideBySide(outputsOf(z).map((zk, k) => tf.broadcastTo(known[k].weights?.(zk) ?? tf.scalar(1), zk.shape)));
  const curvature: LossCurvature = {
    ...(weighted && { weights }),
    terms: (z) => z.shape[0],
    product: (z, v) => each(z, v, (of, zk, vk) => of.product(zk, vk)),
    factor: (z, u) => each(z, u, (of, zk, uk) => of.factor(zk, uk)),
    sampleLabels: (z, random) => sideBySide(outputsOf(z).map((zk, k) => known[k].sampleLabels(zk, random))),
  };
  return { loss: Object.assign(loss, { curvature }) };
}

/** Why the curvature does not go through an output beside others; undefined where it does. */
function refusalOf(part: OutputPart): string | undefined {
  if (part.loss.curvature === undefined) return unknownCurvature(part);
  if (part.shape.length === 1) return undefined;
  const shape = part.shape.map((length) => length ?? 'any').join(', ');
  return `output '${part.name}' has several terms an example, [${shape}]`;
}

/** What is told of an output whose loss has no curvature that is known. */
export function unknownCurvature({ name, given }: Pick<OutputPart, 'name' | 'given'>): string {
  const loss = typeof given === 'function' ? given.name || 'a function' : String(given);
  return `output '${name}' has a loss whose curvature is not known, ${loss}`;
}

/** Tensors of one first axis beside each other, [n, Σ widths]. */
export function sideBySide(tensors: readonly tf.Tensor[]): tf.Tensor {
  if (tensors.length === 1) return tensors[0];
  return tf.concat(
    tensors.map((tensor) => tf.reshape(tf.cast(tensor, 'float32'), [tensor.shape[0], -1])),
    1,
  );
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
