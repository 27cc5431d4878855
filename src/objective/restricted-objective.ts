import type { Algebra } from '../algebra/algebra.js';
import { part, replaced } from '../algebra/part.js';
import type { Random } from '../algebra/random.js';
import { type Tree, zerosLike } from '../algebra/tree.js';
import { restricted } from '../curvature/restricted.js';
import type { LabelSource, LayersSeen } from './layer.js';
import type { Objective } from './objective.js';

/**
 * An objective as a function of the chosen parameters alone, the others held where they are: a flat record from path
 * to array. Its curvature is the block over the chosen parameters, its layers are those whose kernels are chosen.
 *
 * @param at all parameters
 */
export function restrictedObjective<T>(
  algebra: Algebra<T>,
  objective: Objective<T>,
  at: Tree<T>,
  selects: (path: string) => boolean,
): Objective<T> {
  const whole = (chosen: Tree<T>) => replaced(algebra, at, chosen);
  const chosen = (tree: Tree<T>) => part(algebra, tree, selects);
  const chosenLayers = ({ terms, layers, unmatched }: LayersSeen<T>): LayersSeen<T> => ({
    terms,
    layers: layers
      .filter(({ kernel }) => selects(kernel))
      .map(({ bias, ...layer }) => (bias !== undefined && selects(bias) ? { ...layer, bias } : layer)),
    unmatched: unmatched.filter(({ path }) => selects(path)),
  });
  const { curvature, linearized, layers } = objective;
  return {
    value: (parameters) => objective.value(whole(parameters)),
    valueAndGradient(parameters, keep) {
      const { gradient, ...others } = objective.valueAndGradient(whole(parameters), keep);
      return { ...others, gradient: chosen(gradient) };
    },
    ...(curvature && {
      curvatures: objective.curvatures,
      curvature: (kind, parameters) =>
        restricted(curvature.call(objective, kind, whole(parameters)), at, selects),
    }),
    ...(linearized && {
      linearized(parameters: Tree<T>) {
        const all = linearized.call(objective, whole(parameters));
        return {
          ...all,
          push: (v: Tree<T>, paths?: ReadonlySet<string>) =>
            all.push(replaced(algebra, zerosLike(algebra, at), v), paths),
          pull: (u: T) => chosen(all.pull(u)),
          pullRows: (us: readonly T[]) => chosen(all.pullRows(us)),
          ...(all.layers && {
            layers: (labels: LabelSource, random: Random) => chosenLayers(all.layers!(labels, random)),
          }),
        };
      },
    }),
    ...(layers && {
      layers: (parameters, labels, random) =>
        chosenLayers(layers.call(objective, whole(parameters), labels, random)),
    }),
  };
}
