import * as tf from '@tensorflow/tfjs';
import { entries, leaves, mapTree, type Tree } from '../algebra/tree.js';
import type { Linearization } from '../objective/linearization.js';
import { gradientTree } from './gradient.js';
import { layersOfPass } from './layers.js';
import type { Loss, LossCurvature } from './loss.js';
import { outputLoss } from './output-loss.js';
import { recordTransposed } from './provenance.js';
import { rowsByExample, rowsByLayer } from './pull-rows.js';
import { recordPass } from './recorded-pass.js';
import { tensors } from './tensors.js';

type OfParameters = (parameters: Tree<tf.Tensor>) => tf.Tensor;

/**
 * v ↦ Hv of a loss at the parameters: products with the Jacobian of its gradient, which is evaluated once.
 *
 * Right only where gradients can be differentiated: `repairGradients`.
 */
export function hessianProducts(
  f: OfParameters,
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

/**
 * A model at its parameters, with a loss whose curvature is known, as Jacobian products.
 *
 * @param examples asked once the outputs are known
 * @param one the model on one example of the batch alone, where it is known: much less work than on all
 */
export function linearize(
  f: OfParameters,
  parameters: Tree<tf.Tensor>,
  loss: Loss & { readonly curvature: LossCurvature },
  labels: () => tf.Tensor,
  examples: () => number,
  one?: (example: number) => tf.Tensor,
): Linearization<tf.Tensor> {
  const { result: pass, transposed } = recordTransposed(() =>
    recordPass(() => [f(parameters)], leaves(tensors, parameters)),
  );
  const [outputs] = pass.outputs;
  const count = examples();
  const own = outputLoss(loss, outputs, labels);
  return {
    outputs,
    examples: count,
    push: (v, paths) =>
      pass.push(entries(tensors, v).map(([path, leaf]) => (paths?.has(path) === false ? null : leaf)))[0],
    pull: (u) => tensors.scope(() => gradientTree(pass.pull([u]), parameters)),
    pullRows: (us) =>
      tensors.scope(() => {
        const byLayer = us.map((u) => rowsByLayer(pass, transposed, parameters, u, count));
        const [first, ...others] = byLayer;
        if (first === undefined) return rowsByExample(pass, parameters, us, count, one);
        return mapTree(tensors, (...parts) => tf.concat(parts), first, ...(others as (typeof first)[]));
      }),
    loss: own,
    layers: (source, random) =>
      layersOfPass(pass, transposed, parameters, count, { loss: own, labels: source, random }),
  };
}
