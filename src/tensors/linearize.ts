import * as tf from '@tensorflow/tfjs';
import type { Random } from '../algebra/random.js';
import { leaves, type Tree } from '../algebra/tree.js';
import type { Linearization, OutputLoss } from '../objective/linearization.js';
import { gradientTree } from './gradient.js';
import type { Loss, LossCurvature } from './loss.js';
import { detached } from './provenance.js';
import { recordPass } from './recorded-pass.js';
import { tensors } from './tensors.js';

type Function = (parameters: Tree<tf.Tensor>) => tf.Tensor;

/**
 * v ↦ Hv of a loss at the parameters: products with the Jacobian of its gradient, which is evaluated once.
 *
 * Right only where gradients can be differentiated: `repairGradients`.
 */
export function hessianProducts(
  f: Function,
  parameters: Tree<tf.Tensor>,
): (v: Tree<tf.Tensor>) => Tree<tf.Tensor> {
  const xs = leaves(tensors, parameters);
  // A leaf that f does not depend on has the gradient 0.
  const gradient = () => {
    const { grads } = tf.engine().gradients(() => f(parameters), xs, undefined, true);
    return xs.map((x, i) => (grads[i] as tf.Tensor | null) ?? tf.zerosLike(x));
  };
  const { pull } = recordPass(gradient, xs);
  return (v) => tensors.scope(() => gradientTree(pull(leaves(tensors, v)), parameters));
}

/** A model at its parameters, with a loss whose curvature is known, as two Jacobian products. */
export function linearize(
  f: Function,
  parameters: Tree<tf.Tensor>,
  loss: Loss & { readonly curvature: LossCurvature },
  labels: () => tf.Tensor,
): Linearization<tf.Tensor> {
  const pass = recordPass(() => [f(parameters)], leaves(tensors, parameters));
  const [outputs] = pass.outputs;
  return {
    outputs,
    push: (v) => pass.push(leaves(tensors, v))[0],
    pull: (u) => tensors.scope(() => gradientTree(pass.pull([u]), parameters)),
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
