import * as tf from '@tensorflow/tfjs';
import { shown } from '../algebra/argument.js';
import type { Tree } from '../algebra/tree.js';
import type { Problem } from '../objective/problem.js';
import type { Batch } from './batch.js';
import { layersLoss, namedLoss } from './layers-losses.js';
import type { Loss } from './loss.js';
import { modelProblem } from './model-problem.js';
import { tensors } from './tensors.js';

/** A weight of tfjs-layers; `val` is what `read` gives. */
interface Weight {
  readonly name: string;
  val: tf.Tensor;
}

/**
 * A model of tfjs-layers as a problem for `train`: its trainable weights are the parameters, by their names.
 *
 * The model is left as it is: its own weights are where a run begins, and stay. Losses: one of tfjs-layers by name, or
 * a function of outputs and labels. Models of one input and one output.
 *
 * @throws TypeError where the model has several inputs or outputs, or the loss is unknown
 * @example
 * train(fromLayers(model, 'categoricalCrossentropy'), batches(examples, { size: 32, seed: 1 }), pipe(gradient(), lifted(adam())));
 */
export function fromLayers(model: tf.LayersModel, loss: string | Loss): Problem<tf.Tensor, Batch> {
  if (!(model instanceof tf.LayersModel)) {
    throw new TypeError(`fromLayers(model): expected a tf.LayersModel, got ${shown(model)}`);
  }
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new TypeError(
      `fromLayers(model): expected one input and one output, got ${model.inputs.length} and ${model.outputs.length}`,
    );
  }
  const weights = model.trainableWeights as unknown as Weight[];
  const whole = typeof loss === 'string' ? layersLoss(loss, namedLoss(loss)) : loss;
  return modelProblem(
    'fromLayers',
    {
      name: model.name,
      inputs: model.inputs[0].shape.at(-1) ?? 0,
      outputs: model.outputs[0].shape.at(-1) ?? 0,
      start: () => Object.fromEntries(weights.map(({ name, val }) => [name, tensors.copy(val)])),
      outputsOf: (parameters, inputs) =>
        standingAt(weights, parameters, () => model.apply(inputs, { training: true }) as tf.Tensor),
    },
    whole,
  );
}

function standingAt<R>(weights: readonly Weight[], parameters: Tree<tf.Tensor>, body: () => R): R {
  const record = parameters as { readonly [name: string]: tf.Tensor };
  const before = weights.map(({ val }) => val);
  for (const weight of weights) weight.val = record[weight.name];
  try {
    return body();
  } finally {
    weights.forEach((weight, i) => {
      weight.val = before[i];
    });
  }
}
