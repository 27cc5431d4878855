import type { Options } from '../algebra/options.js';
import type { MeasureDescription } from './measure.js';
import type { ResidualEvaluations, ResidualIterate } from './residual-evaluations.js';
import type { Iteration } from './solver.js';

/** A method that minimizes ½‖r(x)‖² by the Jacobian of r. */
export interface LeastSquaresSolver {
  readonly name: string;
  readonly options: Options;
  /** What its iterations measure. */
  readonly measures?: readonly MeasureDescription[];
  /** Whether it stays inside `evaluations.box` where there is one; others are refused where bounds are given. */
  readonly bounded?: true;
  /** Begins at an iterate that is known and finite, and which it then moves. */
  startResiduals(evaluations: ResidualEvaluations, at: ResidualIterate): Iteration;
}
