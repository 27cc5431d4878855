import type * as tf from '@tensorflow/tfjs';
import type { Random } from '../algebra/random.js';
import type { Tree } from '../algebra/tree.js';

/** A function from a batch of inputs to outputs, with parameters to be found. */
export interface Model {
  readonly name: string;
  /** Width of a row of inputs. */
  readonly inputs: number;
  /** Width of a row of outputs. */
  readonly outputs: number;
  /** Parameters to begin with, drawn from `random`. */
  start(random: Random): Tree<tf.Tensor>;
  /**
   * [n, inputs] → [n, outputs], by differentiable operations.
   *
   * @param seed of what is random in training alone (dropout); without it nothing is
   */
  outputsOf(parameters: Tree<tf.Tensor>, inputs: tf.Tensor, seed?: number): tf.Tensor;
}
