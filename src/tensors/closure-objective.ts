import type * as tf from '@tensorflow/tfjs';
import type { Random } from '../algebra/random.js';
import { leaves, type Tree } from '../algebra/tree.js';
import { matrixFree } from '../curvature/matrix-free.js';
import type { LabelSource } from '../objective/layer.js';
import { modelCurvature } from '../objective/model-curvature.js';
import type { CurvatureKind, Evaluated, Objective } from '../objective/objective.js';
import type { CompiledModel } from './compiled-model.js';
import { valueAndGradient } from './gradient.js';
import { sideBySide } from './joint-loss.js';
import { keptPass } from './kept-pass.js';
import { layersSeen } from './layers.js';
import { evaluated, linearize, type RecordedModel, recordTwice, type TwiceRecorded } from './linearize.js';
import type { Loss, LossCurvature } from './loss.js';
import { tensors } from './tensors.js';
import { type Variables, withValues } from './variables.js';

/**
 * A closure over variables, such as `model.fit` hands its optimizer, as an objective over a record of their values.
 *
 * Where the closure is a compiled model's and its loss tells a curvature, the objective tells it too.
 */
export function closureObjective(
  closure: () => tf.Scalar,
  own: Variables,
  model: CompiledModel | undefined,
): Objective<tf.Tensor> {
  let runs = 0;
  const at = <R>(parameters: Tree<tf.Tensor>, body: () => R) => withValues(own, parameters, body);
  const run = () => {
    const again = runs++ > 0;
    return model === undefined ? closure() : model.watch(closure, again).result;
  };
  const twice = keptPass<TwiceRecorded>();
  const models = keptPass<RecordedModel>();
  const base: Objective<tf.Tensor> = {
    value: (parameters) => tensors.scope(() => at(parameters, run)),
    valueAndGradient(parameters, keep = []): Evaluated<tf.Tensor> {
      if (!keep.includes('hessian')) return at(parameters, () => valueAndGradient(run, own));
      return tensors.scope(() => {
        const made = at(parameters, () => recordTwice(run, own));
        return evaluated(twice.keep(made, leaves(tensors, parameters)));
      });
    },
    curvatures: ['hessian'],
    curvature(_, parameters) {
      const recorded = twice.at(leaves(tensors, parameters)) ?? at(parameters, () => recordTwice(run, own));
      const product = (v: Tree<tf.Tensor>) => at(parameters, () => recorded.product(v));
      return matrixFree(tensors, 'hessian', product, parameters, { symmetric: true });
    },
  };
  const loss = model?.loss;
  if (model === undefined || loss?.curvature === undefined) return base;
  const known = loss as Loss & { readonly curvature: LossCurvature };
  let targets: readonly tf.Tensor[] = []; // the batch's own, which live through the step
  const passed = () => {
    const { result, seen } = model.watch(closure, runs++ > 0);
    targets = seen.targets;
    return { outputs: sideBySide(seen.outputs), value: result };
  };
  const given = () => sideBySide(targets);
  const examples = () => targets[0].shape[0];
  const linearizedAt = (parameters: Tree<tf.Tensor>) =>
    at(parameters, () => linearize(passed, own, known, given, examples));
  const linearized = (parameters: Tree<tf.Tensor>) => {
    const here = models.at(leaves(tensors, parameters)) ?? linearizedAt(parameters);
    // The variables stand elsewhere when the products are asked for.
    return {
      ...here,
      push: (v: Tree<tf.Tensor>, paths?: ReadonlySet<string>) => at(parameters, () => here.push(v, paths)),
      pull: (u: tf.Tensor) => at(parameters, () => here.pull(u)),
      pullRows: (us: readonly tf.Tensor[]) => at(parameters, () => here.pullRows(us)),
      layers: (labels: LabelSource, random: Random) => at(parameters, () => here.layers(labels, random)),
    };
  };
  return {
    ...base,
    valueAndGradient(parameters, keep = []): Evaluated<tf.Tensor> {
      if (keep.length === 0 || keep.includes('hessian')) return base.valueAndGradient(parameters, keep);
      return tensors.scope(() => {
        const model = models.keep(linearizedAt(parameters), leaves(tensors, parameters));
        return { ...at(parameters, () => model.evaluated()), kept: model.kept() };
      });
    },
    curvatures: ['hessian', 'gaussNewton', 'fisher', 'empiricalFisher'],
    curvature: (kind: CurvatureKind, parameters) =>
      kind === 'hessian'
        ? base.curvature!(kind, parameters)
        : modelCurvature(tensors, kind, linearized(parameters), parameters),
    linearized,
    layers(parameters, labels: LabelSource, random: Random) {
      const here = models.at(leaves(tensors, parameters));
      if (here !== undefined) return at(parameters, () => here.layers(labels, random));
      return at(parameters, () =>
        layersSeen({
          parameters: own,
          outputs: () => passed().outputs,
          loss: known,
          given,
          examples,
          labels,
          random,
        }),
      );
    },
  };
}
