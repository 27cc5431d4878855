import * as tf from '@tensorflow/tfjs';
import { leaves, type Tree } from '../algebra/tree.js';
import { matrixFree } from '../curvature/matrix-free.js';
import { modelCurvature } from '../objective/model-curvature.js';
import type { CurvatureKind, Evaluated } from '../objective/objective.js';
import type { Problem } from '../objective/problem.js';
import type { Batch } from './batch.js';
import { valueAndGradient } from './gradient.js';
import { keptPass } from './kept-pass.js';
import { layersSeen } from './layers.js';
import { evaluated, linearize, type RecordedModel, recordTwice, type TwiceRecorded } from './linearize.js';
import type { Loss, LossCurvature } from './loss.js';
import type { Model } from './model.js';
import { tensors } from './tensors.js';

/** The loss of a model's outputs on a batch, its gradient, and what curvature the loss lets it know. */
export function modelProblem(kind: string, model: Model, loss: Loss): Problem<tf.Tensor, Batch> {
  const known = knownCurvature(loss);
  const kinds: readonly CurvatureKind[] =
    known === undefined ? ['hessian'] : ['hessian', 'gaussNewton', 'fisher', 'empiricalFisher'];
  const outputs =
    ({ inputs, seed }: Batch) =>
    (x: Tree<tf.Tensor>) =>
      model.outputsOf(x, inputs, seed);
  const value = (parameters: Tree<tf.Tensor>, batch: Batch) => loss(outputs(batch)(parameters), batch.labels);
  const linearizedAt = (parameters: Tree<tf.Tensor>, batch: Batch, known: KnownLoss) =>
    linearize(
      (x) => {
        const z = outputs(batch)(x);
        return { outputs: z, value: loss(z, batch.labels) };
      },
      parameters,
      known,
      () => batch.labels,
      () => batch.inputs.shape[0],
      (example) => model.outputsOf(parameters, tf.slice(batch.inputs, example, 1), batch.seed),
    );
  const models = keptPass<RecordedModel>();
  const linearizedHere = (parameters: Tree<tf.Tensor>, batch: Batch, known: KnownLoss) =>
    models.at(readAt(parameters, batch)) ?? linearizedAt(parameters, batch, known);
  const twice = keptPass<TwiceRecorded>();
  const name = `${kind}(${model.name})`;
  return {
    name,
    algebra: tensors,
    start: (random) => model.start(random),
    value: (parameters, batch) => tensors.scope(() => value(parameters, batch)),
    valueAndGradient(parameters, batch, keep = []): Evaluated<tf.Tensor> {
      if (keep.includes('hessian')) {
        return tensors.scope(() => {
          const made = recordTwice((x) => value(x, batch), parameters);
          return evaluated(twice.keep(made, readAt(parameters, batch)));
        });
      }
      if (known === undefined || keep.length === 0)
        return valueAndGradient((x) => value(x, batch), parameters);
      return tensors.scope(() => {
        const model = models.keep(linearizedAt(parameters, batch, known), readAt(parameters, batch));
        return { ...model.evaluated(), kept: model.kept() };
      });
    },
    curvatures: kinds,
    curvature(kind, parameters, batch) {
      if (kind === 'hessian') {
        const { product } =
          twice.at(readAt(parameters, batch)) ?? recordTwice((x) => value(x, batch), parameters);
        return matrixFree(tensors, kind, product, parameters, { symmetric: true });
      }
      if (known === undefined) {
        throw new TypeError(
          `${name}.curvature(kind): expected 'hessian', got '${kind}': its loss tells no curvature`,
        );
      }
      return modelCurvature(tensors, kind, linearizedHere(parameters, batch, known), parameters);
    },
    ...(known && {
      linearized: (parameters: Tree<tf.Tensor>, batch: Batch) => linearizedHere(parameters, batch, known),
      layers: (parameters, batch, labels, random) =>
        models.at(readAt(parameters, batch))?.layers(labels, random) ??
        layersSeen({
          parameters,
          outputs: outputs(batch),
          loss: known,
          given: () => batch.labels,
          examples: () => batch.inputs.shape[0],
          labels,
          random,
        }),
    }),
  };
}

const readAt = (parameters: Tree<tf.Tensor>, { inputs, labels, seed }: Batch): readonly unknown[] => [
  ...leaves(tensors, parameters),
  inputs,
  labels,
  seed,
];

type KnownLoss = Loss & { readonly curvature: LossCurvature };

function knownCurvature(loss: Loss): KnownLoss | undefined {
  return loss.curvature === undefined ? undefined : (loss as KnownLoss);
}
