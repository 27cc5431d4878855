import * as tf from '@tensorflow/tfjs';
import { shown } from '../algebra/argument.js';
import type { Tree } from '../algebra/tree.js';
import type { Problem } from '../objective/problem.js';
import type { Batch } from './batch.js';
import { jointLoss, sideBySide } from './joint-loss.js';
import { layersLoss, namedLoss } from './layers-losses.js';
import type { Loss } from './loss.js';
import { modelProblem } from './model-problem.js';
import { tensors } from './tensors.js';

/** A weight of tfjs-layers; `val` is what `read` gives. */
interface Weight {
  readonly name: string;
  val: tf.Tensor;
}

/** One loss for all outputs, one an output in their order, or by the outputs' names. */
export type LayersLosses =
  | string
  | Loss
  | readonly (string | Loss)[]
  | Readonly<Record<string, string | Loss>>;

/**
 * A model of tfjs-layers as a problem for `train`: its trainable weights are the parameters, by their names.
 *
 * The model is left as it is: its own weights are where a run begins, and stay. Losses: one of tfjs-layers by name, or
 * a function of outputs and labels. With several outputs the loss is their sum, and the labels of a batch are those of
 * the outputs side by side, float32 [n, Σ widths]; curvature goes through all outputs (see {@link jointLoss}).
 *
 * @throws TypeError where the model has several inputs, a loss is unknown or an output has none
 * @example
 * train(fromLayers(model, 'categoricalCrossentropy'), batches(examples, { size: 32, seed: 1 }), pipe(gradient(), lifted(adam())));
 */
export function fromLayers(model: tf.LayersModel, loss: LayersLosses): Problem<tf.Tensor, Batch> {
  if (!(model instanceof tf.LayersModel)) {
    const stranger = typeof (model as { predict?: unknown } | null)?.predict === 'function';
    const copy =
      ' of another copy of TensorFlow.js: npm ls @tensorflow/tfjs lists them, npm dedupe leaves one';
    throw new TypeError(
      `fromLayers(model): expected a tf.LayersModel, got ${shown(model)}${stranger ? copy : ''}`,
    );
  }
  if (model.inputs.length !== 1) {
    throw new TypeError(`fromLayers(model): expected one input, got ${model.inputs.length}`);
  }
  const weights = model.trainableWeights as unknown as Weight[];
  const parts = model.outputs.map((output, k) => {
    const name = model.outputNames[k];
    const given = lossOf(loss, k, name, model.outputs.length);
    const own = typeof given === 'string' ? layersLoss(given, namedLoss(given)) : given;
    return { name, shape: output.shape.slice(1), loss: own, given };
  });
  const width = (part: (typeof parts)[number]) => part.shape.at(-1) ?? 0;
  return modelProblem(
    'fromLayers',
    {
      name: model.name,
      inputs: model.inputs[0].shape.at(-1) ?? 0,
      outputs: parts.reduce((total, part) => total + width(part), 0),
      start: () => Object.fromEntries(weights.map(({ name, val }) => [name, tensors.copy(val)])),
      outputsOf: (parameters, inputs) =>
        standingAt(weights, parameters, () =>
          sideBySide([model.apply(inputs, { training: true }) as tf.Tensor | tf.Tensor[]].flat()),
        ),
    },
    parts.length === 1 ? parts[0].loss : jointLoss(parts).loss,
  );
}

/** @throws TypeError where the k-th output has none */
function lossOf(losses: LayersLosses, k: number, name: string, outputs: number): string | Loss {
  if (typeof losses === 'string' || typeof losses === 'function') return losses;
  const one = Array.isArray(losses) ? losses[k] : (losses as Readonly<Record<string, string | Loss>>)[name];
  if (Array.isArray(losses) && losses.length !== outputs) {
    throw new TypeError(
      `fromLayers(loss): expected one for each of ${outputs} outputs, got ${losses.length}`,
    );
  }
  if (typeof one === 'string' || typeof one === 'function') return one;
  throw new TypeError(`fromLayers(loss): expected one for the output '${name}', got ${shown(one)}`);
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
