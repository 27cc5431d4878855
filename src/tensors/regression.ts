import type * as tf from '@tensorflow/tfjs';
import { chosen, type Domain, type OptionsOf, option } from '../algebra/option.js';
import type { Evaluation, Examples, Problem } from '../objective/problem.js';
import type { Batch } from './batch.js';
import { examplesNotTrainedOn, overChunks } from './evaluation.js';
import type { Loss } from './loss.js';
import type { Model } from './model.js';
import { modelProblem } from './model-problem.js';
import { squaredError } from './squared-error.js';

export interface RegressionOptions {
  /** Of outputs and targets, mean over the examples. */
  loss?: Loss;
  /** Examples not trained on: `evaluate` gives the mean loss over all of them. */
  test?: Examples<Batch>;
}

const losses: Domain = {
  kind: 'like',
  what: 'a loss of outputs and targets, such as squaredError',
  includes: (value) => typeof value === 'function',
};

export const regressionOptions: OptionsOf<RegressionOptions> = {
  loss: option<Loss>(squaredError, losses, 'of outputs and targets, mean over the examples'),
  test: examplesNotTrainedOn('the mean loss'),
};

/**
 * A model fitted to real targets, the labels of its batches: float32 [n, targets].
 *
 * @example regression(mlp([8, 32, 2], { activation: 'tanh' }), { loss: gaussianLikelihood })
 */
export function regression(model: Model, options: RegressionOptions = {}): Problem<tf.Tensor, Batch> {
  const { loss, test } = chosen('regression', regressionOptions, options);
  const problem = modelProblem('regression', model, loss);
  if (test === undefined) return problem;
  return {
    ...problem,
    evaluate(parameters): Evaluation {
      const [sum] = overChunks(test, ({ inputs, labels }) => [
        loss(model.outputsOf(parameters, inputs), labels).mul(inputs.shape[0]),
      ]);
      return { loss: sum / test.size };
    },
  };
}
