import * as tf from '@tensorflow/tfjs';
import { wholeNumber } from '../algebra/argument.js';
import { chosen, number, type OptionsOf } from '../algebra/option.js';
import type { Random } from '../algebra/random.js';
import type { Tree } from '../algebra/tree.js';
import type { Evaluation, Examples, Problem } from '../objective/problem.js';
import { ridged } from '../objective/ridged.js';
import type { Batch } from './batch.js';
import { binaryCrossEntropy } from './binary-cross-entropy.js';
import { overChunks } from './evaluation.js';
import { truncated } from './initializer.js';
import type { Dense } from './mlp.js';
import type { Model } from './model.js';
import { modelProblem } from './model-problem.js';
import { tensors } from './tensors.js';

/**
 * A deep autoencoder: tanh layers down to a linear code and up again, the outputs logits of the inputs.
 *
 * Kernels begin normal with deviation 1/√inputs, cut off at two deviations, biases at 0. Parameters: `layer1/kernel`
 * [widths[0], widths[1]], `layer1/bias`, `layer2/…`.
 * Source: Hinton and Salakhutdinov 2006; with tanh and this start as in the examples of kfac-jax.
 *
 * @param widths from the inputs to the code
 * @throws RangeError unless there are at least two widths, each a whole number ≥ 1
 * @example reconstruction(autoencoder([784, 1000, 500, 250, 30]), { ridge: 1e-5 })
 */
export function autoencoder(widths: readonly number[]): Model {
  if (!Array.isArray(widths) || widths.length < 2) {
    throw new RangeError(`autoencoder(widths): expected at least two widths, got ${JSON.stringify(widths)}`);
  }
  for (const width of widths) wholeNumber('autoencoder', 'widths', width, '[1, ∞)');
  const all = [...widths, ...widths.slice(0, -1).reverse()];
  const [code, last] = [widths.length - 1, all.length - 1];
  return {
    name: `autoencoder(${widths.join('-')})`,
    inputs: all[0],
    outputs: all[0],
    start(random: Random) {
      const parameters: { [layer: string]: Tree<tf.Tensor> } = {};
      for (let i = 1; i <= last; i++) {
        const [inputs, outputs] = [all[i - 1], all[i]];
        parameters[`layer${i}`] = {
          kernel: tensors.array(truncated(random, inputs * outputs, 1 / Math.sqrt(inputs)), [
            inputs,
            outputs,
          ]),
          bias: tensors.fill([outputs], 0),
        };
      }
      return parameters;
    },
    outputsOf(parameters: Tree<tf.Tensor>, inputs: tf.Tensor) {
      const layers = parameters as unknown as { readonly [layer: string]: Dense };
      let hidden = inputs;
      for (let i = 1; i <= last; i++) {
        const { kernel, bias } = layers[`layer${i}`];
        const sum = tf.add(tf.matMul(hidden, kernel), bias);
        hidden = i === code || i === last ? sum : tf.tanh(sum);
      }
      return hidden;
    },
  };
}

export interface ReconstructionOptions {
  /** c of ½c‖x‖² over all parameters. */
  ridge?: number;
  /** Examples whose `squaredError` `evaluate` tells. */
  measured?: Examples<Batch>;
  /** Examples not trained on: `evaluate` gives their mean loss, without the ridge. */
  test?: Examples<Batch>;
}

export const reconstructionOptions: OptionsOf<Pick<ReconstructionOptions, 'ridge'>> = {
  ridge: number(0, '[0, ∞)', 'c of ½c‖x‖² over all parameters'),
};

/**
 * A model fitted to give its inputs, in [0, 1], back: sigmoid cross-entropy (`binaryCrossEntropy`) of its outputs.
 *
 * @throws RangeError unless ridge ≥ 0
 * @example reconstruction(autoencoder([784, 100, 10]), { test: await mnist('test') })
 */
export function reconstruction(model: Model, options: ReconstructionOptions = {}): Problem<tf.Tensor, Batch> {
  const { ridge } = chosen('reconstruction', reconstructionOptions, options, ['measured', 'test']);
  const { measured, test } = options;
  const labelled = modelProblem('reconstruction', model, binaryCrossEntropy);
  const own = ({ labels: _, ...batch }: Batch): Batch => ({ ...batch, labels: batch.inputs });
  const problem: Problem<tf.Tensor, Batch> = {
    ...labelled,
    value: (x, batch) => labelled.value(x, own(batch)),
    valueAndGradient: (x, batch, keep) => labelled.valueAndGradient(x, own(batch), keep),
    curvature: (kind, x, batch) => labelled.curvature!(kind, x, own(batch)),
    linearized: (x, batch) => labelled.linearized!(x, own(batch)),
    layers: (x, batch, labels, random) => labelled.layers!(x, own(batch), labels, random),
  };
  const whole = ridged(problem, ridge);
  if (test === undefined) return whole;
  return {
    ...whole,
    evaluate(x): Evaluation {
      const [loss] = overChunks(test, ({ inputs }) => [
        tf.mul(binaryCrossEntropy(model.outputsOf(x, inputs), inputs), inputs.shape[0]),
      ]);
      if (measured === undefined) return { loss: loss / test.size };
      const [error] = overChunks(measured, ({ inputs }) => [
        tf.sum(tf.squaredDifference(tf.sigmoid(model.outputsOf(x, inputs)), inputs)),
      ]);
      return { loss: loss / test.size, squaredError: error / measured.size };
    },
  };
}
