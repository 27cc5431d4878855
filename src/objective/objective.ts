import type { Random } from '../algebra/random.js';
import type { Tree } from '../algebra/tree.js';
import type { LinearOperator } from '../curvature/linear-operator.js';
import type { LabelSource, LayersSeen } from './layer.js';
import type { Linearization } from './linearization.js';

/**
 * What "curvature" may mean. `gaussNewton`: JᵀHₗJ, Hₗ the loss's Hessian by the outputs. `fisher`: the covariance of
 * the gradients under labels drawn from the model itself. `empiricalFisher`: under the labels given, which is no
 * approximation of either (Kunstner, Hennig and Balles 2019).
 */
export type CurvatureKind = 'hessian' | 'gaussNewton' | 'fisher' | 'empiricalFisher';

/** A loss and its gradient. */
export interface Evaluated<T> {
  readonly value: T;
  readonly gradient: Tree<T>;
  /** What was kept, for as long as these arrays live: they belong to who asked for it. */
  readonly kept?: readonly T[];
}

/** A function of the parameters alone: a problem bound to one batch. A search may evaluate it again and again. */
export interface Objective<T> {
  value(parameters: Tree<T>): T;
  /**
   * The loss (0-d) and its gradient, a tree like the parameters.
   *
   * @param keep what will be asked for at the same parameters: what the evaluation has made towards it is kept, where
   *   it can be, and need not be made again
   */
  valueAndGradient(parameters: Tree<T>, keep?: readonly Need[]): Evaluated<T>;
  /** The kinds of curvature that `curvature` answers. */
  readonly curvatures?: readonly CurvatureKind[];
  /** The curvature at the parameters as an operator on trees like them; it holds while the parameters do. */
  curvature?(kind: CurvatureKind, parameters: Tree<T>): LinearOperator<T>;
  /** A model's outputs, and the derivative of the map that leads there. */
  linearized?(parameters: Tree<T>): Linearization<T>;
  /** Every layer's inputs and output gradients, from one pass there and back. */
  layers?(parameters: Tree<T>, labels: LabelSource, random: Random): LayersSeen<T>;
}

/** Abilities of an objective that a transform may need; a pipeline without them is refused when it starts. */
export type Need = CurvatureKind | 'linearized' | 'layers';

/** What tells whether the needs of a transform are met. */
export type Abilities = Pick<Objective<unknown>, 'curvatures' | 'linearized' | 'layers'>;

/** Which of the needs an objective cannot meet. */
export function unmet(needs: readonly Need[], objective: Abilities | undefined): Need[] {
  return needs.filter((need) => {
    if (need === 'linearized' || need === 'layers') return objective?.[need] === undefined;
    return !objective?.curvatures?.includes(need);
  });
}

/**
 * Refuses what cannot give a transform what it needs, before its first step.
 *
 * @throws TypeError `kfac(problem): expected one that answers layers, got rosenbrock, which does not`
 */
export function refuseUnmet(
  { name, needs = [] }: { readonly name: string; readonly needs?: readonly Need[] },
  given: string,
  abilities: Abilities,
): void {
  const lacking = unmet(needs, abilities);
  if (lacking.length === 0) return;
  throw new TypeError(
    `${name}(problem): expected one that answers ${lacking.join(' and ')}, got ${given}, which does not`,
  );
}
