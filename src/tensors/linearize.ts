import * as tf from '@tensorflow/tfjs';
import type { Random } from '../algebra/random.js';
import { leaves, type Tree } from '../algebra/tree.js';
import type { Linearization, OutputLoss } from '../objective/linearization.js';
import { gradientTree } from './gradient.js';
import type { Loss, LossCurvature } from './loss.js';
import { detached } from './provenance.js';
import { tensors } from './tensors.js';

type Function = (parameters: Tree<tf.Tensor>) => tf.Tensor;

/** Jᵀu of f at the parameters: u sent back through one forward pass. A leaf f does not depend on has 0. */
export function pulledBack(f: Function, parameters: Tree<tf.Tensor>, u: tf.Tensor): Tree<tf.Tensor> {
  const xs = leaves(tensors, parameters);
  const { grads } = tf.engine().gradients(() => f(parameters), xs, u, true);
  return gradientTree(grads, parameters);
}

/**
 * Jv of f at the parameters: ∂/∂u ⟨Jᵀu, v⟩, since Jᵀu is linear in u.
 *
 * TensorFlow.js has no forward mode; differentiating the backward pass gives the same, for about two gradients.
 */
export function pushedForward(f: Function, parameters: Tree<tf.Tensor>, v: Tree<tf.Tensor>): tf.Tensor {
  return tensors.scope(() => {
    const u = tf.zerosLike(f(parameters));
    const along = () => backwardAlong(f, parameters, u, v);
    const { grads } = tf.engine().gradients(along, [u], undefined, true);
    return grads[0] ?? tf.zerosLike(u);
  });
}

/** Hv of a loss at the parameters: ∇⟨∇f, v⟩. Right only where gradients can be differentiated: `repairGradients`. */
export function hessianProduct(
  f: Function,
  parameters: Tree<tf.Tensor>,
  v: Tree<tf.Tensor>,
): Tree<tf.Tensor> {
  return tensors.scope(() => {
    const xs = leaves(tensors, parameters);
    const along = () => backwardAlong(f, parameters, undefined, v);
    const { grads } = tf.engine().gradients(along, xs, undefined, true);
    return gradientTree(grads, parameters);
  });
}

/** ⟨Jᵀu, v⟩, 0-d; u is 1 where f is 0-d and none is given. Leaves that f does not depend on count as 0. */
function backwardAlong(
  f: Function,
  parameters: Tree<tf.Tensor>,
  u: tf.Tensor | undefined,
  v: Tree<tf.Tensor>,
): tf.Tensor {
  const directions = leaves(tensors, v);
  const { grads } = tf.engine().gradients(() => f(parameters), leaves(tensors, parameters), u, true);
  const parts = grads.flatMap((g: tf.Tensor | null | undefined, i) =>
    g === null || g === undefined ? [] : [tf.sum(tf.mul(g, directions[i]))],
  );
  return parts.length === 0 ? tf.scalar(0) : tf.addN(parts);
}

/** A model at its parameters, with a loss whose curvature is known, as two Jacobian products. */
export function linearize(
  f: Function,
  parameters: Tree<tf.Tensor>,
  loss: Loss & { readonly curvature: LossCurvature },
  labels: () => tf.Tensor,
): Linearization<tf.Tensor> {
  const outputs = tensors.scope(() => f(parameters));
  return {
    outputs,
    push: (v) => pushedForward(f, parameters, v),
    pull: (u) => tensors.scope(() => pulledBack(f, parameters, u)),
    loss: outputLoss(loss, outputs, labels),
  };
}

/** A loss at given outputs, as the operators and methods see it. */
export function outputLoss(
  loss: Loss & { readonly curvature: LossCurvature },
  outputs: tf.Tensor,
  labels: () => tf.Tensor,
): OutputLoss<tf.Tensor> {
  const { curvature } = loss;
  const terms = curvature.terms(outputs);
  const residual = (of: tf.Tensor) =>
    tf.engine().gradients(() => loss(outputs, of), [outputs], undefined, true).grads[0] ??
    tf.zerosLike(outputs);
  return {
    terms,
    curvatureProduct: (v) => tensors.scope(() => curvature.product(outputs, v)),
    factorProduct: (u) => tensors.scope(() => curvature.factor(outputs, u)),
    residual: () => tensors.scope(() => residual(labels())),
    residualProduct: (v) =>
      tensors.scope(() => {
        const r = tf.reshape(residual(labels()), [terms, -1]);
        const along = tf.sum(tf.mul(r, tf.reshape(v, [terms, -1])), 1, true);
        return tf.reshape(tf.mul(tf.mul(r, along), terms), outputs.shape);
      }),
    sampledResidual: (random: Random) =>
      tensors.scope(() => residual(curvature.sampleLabels(detached(outputs), random))),
  };
}
