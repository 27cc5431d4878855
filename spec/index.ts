export * from './arbitraries/index.js';
export { type CheckOptions, check, type LawReport, lawOf, type Report, tryLaw } from './check.js';
export type { DrawnPath } from './drawn-path.js';
export { agendaOf, type ExamineOptions, examine, type Finding, likeness, path2d } from './examine.js';
export { explainedLaw } from './explained-law.js';
export { catalogue as laws } from './laws/catalogue.js';
export { BrokenLaw, type Law, type LawDescription, law } from './laws/law.js';
export { clipAndScale, type Negative, negatives } from './laws/negatives.js';
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
export { traits } from './laws/traits.js';
export { type Likeness, likenesses } from './likeness.js';
export { type Mutant, mutants } from './mutants/index.js';
export * as oracles from './oracles/index.js';
export { shownSample } from './shown-sample.js';
export { type StepPicture, stepPicture } from './step-picture.js';
export { optimizerOf, subjectOf } from './subjects/adapt.js';
export { claims } from './subjects/claims.js';
export { Misbehaviour, OptionFixed } from './subjects/foreign/misbehaviour.js';
export { isPartName } from './subjects/foreign/parts.js';
export { type More, type PlainOptimizer, type PlainSteps, plainSubject } from './subjects/foreign/plain.js';
export { type Running, type StatefulDescription, statefulSubject } from './subjects/foreign/stateful.js';
export {
  optionsOf as optionsOfClaim,
  type Said,
  subjectOfExport,
} from './subjects/foreign/subject-of-export.js';
export { ourAverage, ourComposition, ourOptimizers, ourSchedule } from './subjects/ours.js';
export { flat } from './subjects/point.js';
export { functionSubject, onRows, problemSubject } from './subjects/problem-subjects.js';
export { secondOrderClaims } from './subjects/second-order/claims.js';
export { boundedSubject } from './subjects/second-order/our-bounded.js';
export {
  ourDamping,
  ourDampingFactor,
  ourEstimates,
  ourLineSearches,
  ourSubproblems,
} from './subjects/second-order/our-parts.js';
export { ourLeastSquares, ourSolvers, solverSubject } from './subjects/second-order/our-solvers.js';
export type * from './subjects/subject.js';
export { type Course, descent, type Ride, ride } from './subjects/trajectory.js';
