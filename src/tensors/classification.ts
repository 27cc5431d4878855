import * as tf from '@tensorflow/tfjs';
import { knownOptions } from '../algebra/argument.js';
import type { Tree } from '../algebra/tree.js';
import type { Evaluation, Examples, Problem } from '../problems/problem.js';
import type { Batch } from './batch.js';
import { crossEntropy } from './cross-entropy.js';
import { overChunks } from './evaluation.js';
import { valueAndGradient } from './gradient.js';
import type { Model } from './model.js';
import { tensors } from './tensors.js';

export interface ClassificationOptions {
  /** Examples not trained on: `evaluate` gives the mean loss and the accuracy over all of them. */
  test?: Examples<Batch>;
}

/**
 * Softmax cross-entropy of a model's outputs, mean over the batch (`crossEntropy`).
 *
 * @example classification(mlp([784, 128, 10]), { test: await mnist('test') })
 */
export function classification(model: Model, options: ClassificationOptions = {}): Problem<tf.Tensor, Batch> {
  knownOptions('classification', options, ['test']);
  const { test } = options;
  const loss = (parameters: Tree<tf.Tensor>, { inputs, labels }: Batch) =>
    crossEntropy(model.outputsOf(parameters, inputs), labels);
  const evaluate = (parameters: Tree<tf.Tensor>): Evaluation => {
    const [lossSum, right] = overChunks(test!, ({ inputs, labels }) => {
      const logits = model.outputsOf(parameters, inputs);
      const answers = tf.equal(tf.argMax(logits, 1), labels);
      return [tf.mul(crossEntropy(logits, labels), inputs.shape[0]), tf.sum(answers)];
    });
    return { loss: lossSum / test!.size, accuracy: right / test!.size };
  };
  return {
    name: `classification(${model.name})`,
    algebra: tensors,
    start: (random) => model.start(random),
    value: (parameters, batch) => tensors.scope(() => loss(parameters, batch)),
    valueAndGradient: (parameters, batch) => valueAndGradient((x) => loss(x, batch), parameters),
    ...(test && { evaluate }),
  };
}
