import type * as tf from '@tensorflow/tfjs';
import type { Tree } from '../algebra/tree.js';
import type { Problem } from '../objective/problem.js';
import type { Batch } from './batch.js';
import { valueAndGradient } from './gradient.js';
import type { Model } from './model.js';
import { tensors } from './tensors.js';

/** What outputs are worth, given the labels: mean over the examples, 0-d. */
export type Loss = (outputs: tf.Tensor, labels: tf.Tensor) => tf.Tensor;

/** The loss of a model's outputs on a batch, and its gradient by the parameters. */
export function modelProblem(kind: string, model: Model, loss: Loss): Problem<tf.Tensor, Batch> {
  const value = (parameters: Tree<tf.Tensor>, { inputs, labels }: Batch) =>
    loss(model.outputsOf(parameters, inputs), labels);
  return {
    name: `${kind}(${model.name})`,
    algebra: tensors,
    start: (random) => model.start(random),
    value: (parameters, batch) => tensors.scope(() => value(parameters, batch)),
    valueAndGradient: (parameters, batch) => valueAndGradient((x) => value(x, batch), parameters),
  };
}
