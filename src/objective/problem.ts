import type { Algebra } from '../algebra/algebra.js';
import type { Random } from '../algebra/random.js';
import type { Tree } from '../algebra/tree.js';
import type { LinearOperator } from '../curvature/linear-operator.js';
import type { LabelSource, LayersSeen } from './layer.js';
import type { Linearization } from './linearization.js';
import type { CurvatureKind, Evaluated, Need, Objective } from './objective.js';

/** A loss over a parameter tree and a batch, its gradient, and what is known of its curvature. */
export interface Problem<T, B = undefined> {
  readonly name: string;
  readonly algebra: Algebra<T>;
  /** Where a run begins: the same seed, the same start. */
  start(random: Random): Tree<T>;
  /** The mean loss over the batch, 0-d. */
  value(parameters: Tree<T>, batch: B): T;
  valueAndGradient(parameters: Tree<T>, batch: B, keep?: readonly Need[]): Evaluated<T>;
  /** The abilities of {@link Objective} under the same names, for a batch. */
  readonly curvatures?: readonly CurvatureKind[];
  curvature?(kind: CurvatureKind, parameters: Tree<T>, batch: B): LinearOperator<T>;
  linearized?(parameters: Tree<T>, batch: B): Linearization<T>;
  layers?(parameters: Tree<T>, batch: B, labels: LabelSource, random: Random): LayersSeen<T>;
  /** What the parameters are worth on data not trained on. */
  evaluate?(parameters: Tree<T>): Evaluation;
}

export interface Evaluation {
  readonly loss: number;
  /** The fraction answered rightly, where the problem is a classification. */
  readonly accuracy?: number;
  /** How far inputs are from what is made of them: Σ(σ(z) − x)² over the outputs, mean over the examples. */
  readonly squaredError?: number;
}

/** Examples that can be drawn by their positions, kept on the host until a step wants them. */
export interface Examples<B> {
  readonly name: string;
  readonly size: number;
  /** The chosen examples as one batch. */
  batch(positions: Int32Array): B;
  release(batch: B): void;
}

/**
 * A problem as an objective on whatever batch is at hand.
 *
 * @param batch answers the batch; asked anew at every evaluation
 * @param evaluated called once for each evaluation of the loss
 */
export function onBatch<T, B>(
  problem: Problem<T, B>,
  batch: () => B,
  evaluated: () => void = () => {},
): Objective<T> {
  return {
    value(parameters) {
      evaluated();
      return problem.value(parameters, batch());
    },
    valueAndGradient(parameters, keep) {
      evaluated();
      return problem.valueAndGradient(parameters, batch(), keep);
    },
    ...(problem.curvature && {
      curvatures: problem.curvatures ?? [],
      curvature: (kind, parameters) => problem.curvature!(kind, parameters, batch()),
    }),
    ...(problem.linearized && { linearized: (parameters) => problem.linearized!(parameters, batch()) }),
    ...(problem.layers && {
      layers(parameters: Tree<T>, labels: LabelSource, random: Random) {
        evaluated();
        return problem.layers!(parameters, batch(), labels, random);
      },
    }),
  };
}
