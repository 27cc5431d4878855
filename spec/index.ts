export * from './arbitraries/index.js';
export { type CheckOptions, check, type LawReport, type Report } from './check.js';
export { optimizerOf, subjectOf } from './laws/adapt.js';
export { catalogue as laws } from './laws/catalogue.js';
export { claims } from './laws/claims.js';
export { BrokenLaw, type Law, type LawDescription, law } from './laws/law.js';
export { clipAndScale, type Negative, negatives } from './laws/negatives.js';
export { ourAverage, ourComposition, ourOptimizers, ourSchedule } from './laws/ours.js';
export { functionSubject, onRows, problemSubject } from './laws/problem-subjects.js';
export { secondOrderClaims } from './laws/second-order/claims.js';
export { ourDamping, ourEstimates, ourLineSearches, ourSubproblems } from './laws/second-order/our-parts.js';
export { ourLeastSquares, ourSolvers, solverSubject } from './laws/second-order/our-solvers.js';
export type * from './laws/subject.js';
export {
  atMost,
  backward,
  bitwise,
  bounded,
  comparable,
  type Deviation,
  forward,
  statistical,
  type ToleranceClass,
} from './laws/tolerance.js';
export { type Course, descent, type Ride, ride } from './laws/trajectory.js';
export { type Mutant, mutants } from './mutants/index.js';
export * as oracles from './oracles/index.js';
