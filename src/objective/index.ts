export type { Bounds } from './bounds.js';
export { ObjectiveError } from './called.js';
export { type CurvatureRows, curvatureRows } from './curvature-rows.js';
export type {
  EvaluationCounts,
  Evaluations,
  Minimization,
  Observer,
} from './evaluations.js';
export type { Iterate } from './iterate.js';
export type { LabelSource, Layer, LayersSeen } from './layer.js';
export type { LeastSquaresSolver } from './least-squares-solver.js';
export type { Linearization, OutputLoss } from './linearization.js';
export type { Measure, MeasureDescription, Measures, Readings } from './measure.js';
export { modelCurvature } from './model-curvature.js';
export type { CurvatureKind, Need, Objective } from './objective.js';
export type { Outcome, UnivariateFailure } from './outcome.js';
export { type Evaluation, type Examples, onBatch, type Problem } from './problem.js';
export type { ResidualCounts, Residuals } from './residual-evaluations.js';
export { ridged } from './ridged.js';
export type { RobustLoss } from './robust-loss.js';
export type { Iteration, Solver } from './solver.js';
