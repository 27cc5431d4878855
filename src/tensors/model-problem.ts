import * as tf from '@tensorflow/tfjs';
import type { Tree } from '../algebra/tree.js';
import { matrixFree } from '../curvature/matrix-free.js';
import { modelCurvature } from '../objective/model-curvature.js';
import type { CurvatureKind } from '../objective/objective.js';
import type { Problem } from '../objective/problem.js';
import type { Batch } from './batch.js';
import { valueAndGradient } from './gradient.js';
import { layersSeen } from './layers.js';
import { hessianProducts, linearize } from './linearize.js';
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
      outputs(batch),
      parameters,
      known,
      () => batch.labels,
      () => batch.inputs.shape[0],
      (example) => model.outputsOf(parameters, tf.slice(batch.inputs, example, 1), batch.seed),
    );
  const name = `${kind}(${model.name})`;
  return {
    name,
    algebra: tensors,
    start: (random) => model.start(random),
    value: (parameters, batch) => tensors.scope(() => value(parameters, batch)),
    valueAndGradient: (parameters, batch) => valueAndGradient((x) => value(x, batch), parameters),
    curvatures: kinds,
    curvature(kind, parameters, batch) {
      if (kind === 'hessian') {
        const products = hessianProducts((x) => value(x, batch), parameters);
        return matrixFree(tensors, kind, products, parameters, { symmetric: true });
      }
      if (known === undefined) {
        throw new TypeError(
          `${name}.curvature(kind): expected 'hessian', got '${kind}': its loss tells no curvature`,
        );
      }
      return modelCurvature(tensors, kind, linearizedAt(parameters, batch, known), parameters);
    },
    ...(known && {
      linearized: (parameters: Tree<tf.Tensor>, batch: Batch) => linearizedAt(parameters, batch, known),
      layers: (parameters, batch, labels, random) =>
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

type KnownLoss = Loss & { readonly curvature: LossCurvature };

function knownCurvature(loss: Loss): KnownLoss | undefined {
  return loss.curvature === undefined ? undefined : (loss as KnownLoss);
}
