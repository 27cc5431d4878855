export {
  type EvaluationCounts,
  type Evaluations,
  type Minimization,
  ObjectiveError,
  type Observer,
} from './evaluations.js';
export type { Iterate } from './iterate.js';
export type { LeastSquaresSolver } from './least-squares-solver.js';
export type { Measure, MeasureDescription, Measures, Readings } from './measure.js';
export type { Objective } from './objective.js';
export type { Outcome, UnivariateFailure } from './outcome.js';
export type { Evaluation, Examples, Problem } from './problem.js';
export type { ResidualCounts, Residuals } from './residual-evaluations.js';
export type { Iteration, Solver } from './solver.js';
