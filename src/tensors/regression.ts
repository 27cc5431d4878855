import type * as tf from '@tensorflow/tfjs';
import { knownOptions } from '../algebra/argument.js';
import type { Evaluation, Examples, Problem } from '../objective/problem.js';
import type { Batch } from './batch.js';
import { overChunks } from './evaluation.js';
import type { Loss } from './loss.js';
import type { Model } from './model.js';
import { modelProblem } from './model-problem.js';
import { squaredError } from './squared-error.js';

export interface RegressionOptions {
  /** Of outputs and targets, mean over the examples; default `squaredError`. */
  loss?: Loss;
  /** Examples not trained on: `evaluate` gives the mean loss over all of them. */
  test?: Examples<Batch>;
}

/**
 * A model fitted to real targets, the labels of its batches: float32 [n, targets].
 *
 * @example regression(mlp([8, 32, 2], { activation: 'tanh' }), { loss: gaussianLikelihood })
 */
export function regression(model: Model, options: RegressionOptions = {}): Problem<tf.Tensor, Batch> {
  knownOptions('regression', options, ['loss', 'test']);
  const { loss = squaredError, test } = options;
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
