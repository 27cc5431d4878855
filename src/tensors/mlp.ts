import * as tf from '@tensorflow/tfjs';
import { wholeNumber } from '../algebra/argument.js';
import { choice, chosen, type OptionsOf } from '../algebra/option.js';
import type { Random } from '../algebra/random.js';
import type { Tree } from '../algebra/tree.js';
import { type Initializer, initializers } from './initializer.js';
import type { Model } from './model.js';
import { tensors } from './tensors.js';

export interface MlpOptions {
  /** Between the layers. */
  activation?: 'relu' | 'tanh';
  /** Of the kernels; 'fitting' is 'he' for relu, 'glorot' for tanh. Biases begin at 0. */
  initializer?: Initializer | 'fitting';
}

export const mlpOptions: OptionsOf<MlpOptions> = {
  activation: choice('relu', ['relu', 'tanh'], 'between the layers'),
  initializer: choice(
    'fitting',
    ['fitting', ...(Object.keys(initializers) as Initializer[])],
    "of the kernels; 'fitting' is 'he' for relu, 'glorot' for tanh",
  ),
};

/** The parameters of a dense layer x·W + b. */
export interface Dense {
  /** W, [in, out]. */
  readonly kernel: tf.Tensor;
  /** b, [out]. */
  readonly bias: tf.Tensor;
}

/**
 * A multilayer perceptron: hₖ = activation(hₖ₋₁·Wₖ + bₖ), the last layer without activation.
 *
 * Parameters: `layer1/kernel` [widths[0], widths[1]], `layer1/bias` [widths[1]], `layer2/…`.
 *
 * @param widths inputs, hidden layers, outputs
 * @throws RangeError unless there are at least two widths, each a whole number ≥ 1
 * @example classification(mlp([784, 128, 10]))
 */
export function mlp(widths: readonly number[], options: MlpOptions = {}): Model {
  const { activation, initializer: named } = chosen('mlp', mlpOptions, options);
  if (!Array.isArray(widths) || widths.length < 2) {
    throw new RangeError(`mlp(widths): expected at least two widths, got ${JSON.stringify(widths)}`);
  }
  for (const width of widths) wholeNumber('mlp', 'widths', width, '[1, ∞)');
  const fitting = activation === 'relu' ? 'he' : 'glorot';
  const initializer = named === 'fitting' ? fitting : named;
  const layers = widths.length - 1;

  return {
    name: `mlp(${widths.join('-')})`,
    inputs: widths[0],
    outputs: widths[layers],
    start(random: Random) {
      const parameters: { [layer: string]: Tree<tf.Tensor> } = {};
      for (let i = 1; i <= layers; i++) {
        const [inputs, outputs] = [widths[i - 1], widths[i]];
        parameters[`layer${i}`] = {
          kernel: tensors.array(initializers[initializer](random, inputs, outputs), [inputs, outputs]),
          bias: tensors.fill([outputs], 0),
        };
      }
      return parameters;
    },
    outputsOf(parameters: Tree<tf.Tensor>, inputs: tf.Tensor) {
      const dense = parameters as unknown as { readonly [layer: string]: Dense };
      let hidden = inputs;
      for (let i = 1; i <= layers; i++) {
        const { kernel, bias } = dense[`layer${i}`];
        const sum = tf.add(tf.matMul(hidden, kernel), bias);
        hidden = i === layers ? sum : activation === 'relu' ? tf.relu(sum) : tf.tanh(sum);
      }
      return hidden;
    },
  };
}
