export { type BacktrackingOptions, backtracking } from './backtracking.js';
export type { Direction, DirectionRule } from './descend.js';
export { descend } from './descend.js';
export { dogleg } from './dogleg.js';
export {
  type EvaluationCounts,
  type Evaluations,
  type Minimization,
  ObjectiveError,
  type Observer,
} from './evaluations.js';
export { exact } from './exact-subproblem.js';
export { fixedStep } from './fixed-step.js';
export { type HagerZhangOptions, hagerZhang } from './hager-zhang.js';
export type { LeastSquaresSolver } from './least-squares-solver.js';
export type { Iterate, Line } from './line.js';
export type { LineSearch, SearchEnd } from './line-search.js';
export type { ResidualScale } from './marquardt-model.js';
export type { Objective } from './objective.js';
export type { Outcome, UnivariateFailure } from './outcome.js';
export type { QuadraticModel, Subproblem } from './quadratic-model.js';
export type { ResidualCounts, Residuals } from './residual-evaluations.js';
export type { Iteration, Solver } from './solver.js';
export { steihaug } from './steihaug.js';
export { type StrongWolfeOptions, strongWolfe } from './strong-wolfe.js';
