import * as tf from '@tensorflow/tfjs';
import type { Random } from '../algebra/random.js';
import { entries, leaves, mapTree, type Tree } from '../algebra/tree.js';
import type { LabelSource, LayersSeen } from '../objective/layer.js';
import type { Linearization } from '../objective/linearization.js';
import type { Evaluated } from '../objective/objective.js';
import { checkDependence, checkedLoss, gradientTree } from './gradient.js';
import { layersOfPass } from './layers.js';
import type { Loss, LossCurvature } from './loss.js';
import { outputLoss } from './output-loss.js';
import { recordTransposed } from './provenance.js';
import { rowsByExample, rowsByLayer, rowsFromTape } from './pull-rows.js';
import { recordPass } from './recorded-pass.js';
import { tensors } from './tensors.js';

type OfParameters = (parameters: Tree<tf.Tensor>) => tf.Tensor;

/** A loss with its gradient, from a pass that serves products with the Hessian too. */
export interface TwiceRecorded {
  readonly value: tf.Tensor;
  readonly gradient: Tree<tf.Tensor>;
  /** v ↦ Hv. */
  readonly product: (v: Tree<tf.Tensor>) => Tree<tf.Tensor>;
  /** While these live, a product evaluates nothing again. */
  kept(): readonly tf.Tensor[];
}

/** What of it outlives a scope. */
export function evaluated({ value, gradient, kept }: TwiceRecorded): Evaluated<tf.Tensor> {
  return { value, gradient, kept: kept() };
}

/**
 * A loss at the parameters, and v ↦ Hv: products with the Jacobian of its gradient, which is evaluated once.
 *
 * Right only where gradients can be differentiated: `repairGradients`.
 */
export function recordTwice(f: OfParameters, parameters: Tree<tf.Tensor>): TwiceRecorded {
  const xs = leaves(tensors, parameters);
  const pass = recordPass(() => {
    const { value, grads } = tf.engine().gradients(() => checkedLoss(f(parameters)), xs, undefined, true);
    checkDependence(grads);
    // A leaf that f does not depend on has the gradient 0.
    return [value, ...xs.map((x, i) => (grads[i] as tf.Tensor | null) ?? tf.zerosLike(x))];
  }, xs);
  const [value, ...gradients] = pass.outputs;
  const { pull } = pass.only(1);
  return {
    value,
    gradient: gradientTree(gradients, parameters),
    product: (v) => tensors.scope(() => gradientTree(pull(leaves(tensors, v)), parameters)),
    kept: pass.kept,
  };
}

/** What a model made of its parameters: its outputs, and the loss of the batch, 0-d. */
export interface Passed {
  readonly outputs: tf.Tensor;
  readonly value: tf.Tensor;
}

/** A linearization that tells the loss and its gradient too, from the same forward pass. */
export interface RecordedModel extends Linearization<tf.Tensor> {
  evaluated(): { readonly value: tf.Tensor; readonly gradient: Tree<tf.Tensor> };
  layers(labels: LabelSource, random: Random): LayersSeen<tf.Tensor>;
  /** While these live, a product evaluates nothing again. */
  kept(): readonly tf.Tensor[];
}

/**
 * A model at its parameters, with a loss whose curvature is known, as Jacobian products.
 *
 * @param examples asked once the outputs are known
 * @param one the model on one example of the batch alone, where it is known: much less work than on all
 */
export function linearize(
  f: (parameters: Tree<tf.Tensor>) => Passed,
  parameters: Tree<tf.Tensor>,
  loss: Loss & { readonly curvature: LossCurvature },
  labels: () => tf.Tensor,
  examples: () => number,
  one?: (example: number) => tf.Tensor,
): RecordedModel {
  const { result: whole, transposed } = recordTransposed(() =>
    recordPass(
      () => {
        const { outputs, value } = f(parameters);
        return [outputs, value];
      },
      leaves(tensors, parameters),
    ),
  );
  const [outputs, value] = whole.outputs;
  const pass = whole.only(0, 1);
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
        const atOnce = us.map(
          (u) =>
            rowsFromTape(pass, parameters, u, count) ?? rowsByLayer(pass, transposed, parameters, u, count),
        );
        const [first, ...others] = atOnce;
        if (first === undefined) return rowsByExample(pass, parameters, us, count, one);
        return mapTree(tensors, (...parts) => tf.concat(parts), first, ...(others as (typeof first)[]));
      }),
    loss: own,
    layers: (source, random) =>
      layersOfPass(pass, transposed, parameters, count, { loss: own, labels: source, random }),
    evaluated: () =>
      tensors.scope(() => {
        const gradients = whole.only(1).pull([tf.onesLike(checkedLoss(value))]);
        checkDependence(gradients);
        return { value, gradient: gradientTree(gradients, parameters) };
      }),
    kept: whole.kept,
  };
}
