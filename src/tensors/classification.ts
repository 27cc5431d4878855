import * as tf from '@tensorflow/tfjs';
import { chosen, type OptionsOf } from '../algebra/option.js';
import type { Evaluation, Examples, Problem } from '../objective/problem.js';
import type { Batch } from './batch.js';
import { crossEntropy } from './cross-entropy.js';
import { examplesNotTrainedOn, overChunks } from './evaluation.js';
import type { Model } from './model.js';
import { modelProblem } from './model-problem.js';

export interface ClassificationOptions {
  /** Examples not trained on: `evaluate` gives the mean loss and the accuracy over all of them. */
  test?: Examples<Batch>;
}

export const classificationOptions: OptionsOf<ClassificationOptions> = {
  test: examplesNotTrainedOn('mean loss and accuracy'),
};

/**
 * A model fitted to classes, the labels of its batches, by softmax cross-entropy (`crossEntropy`).
 *
 * @example classification(mlp([784, 128, 10]), { test: await mnist('test') })
 */
export function classification(model: Model, options: ClassificationOptions = {}): Problem<tf.Tensor, Batch> {
  const { test } = chosen('classification', classificationOptions, options);
  const problem = modelProblem('classification', model, crossEntropy);
  if (test === undefined) return problem;
  return {
    ...problem,
    evaluate(parameters): Evaluation {
      const [loss, right] = overChunks(test, ({ inputs, labels }) => {
        const logits = model.outputsOf(parameters, inputs);
        const answered = tf.equal(tf.argMax(logits, 1), labels);
        return [tf.mul(crossEntropy(logits, labels), inputs.shape[0]), tf.sum(answered)];
      });
      return { loss: loss / test.size, accuracy: right / test.size };
    },
  };
}
