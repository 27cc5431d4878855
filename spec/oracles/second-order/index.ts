export { boxModelOracle } from './box-step.js';
export { conjugateOracle, steihaugOracle } from './conjugate.js';
export { dampedHessianOracle } from './damped-hessian.js';
export { dampingOracle } from './damped-trace.js';
export {
  broydenJacobianOracle,
  inverseBfgsOracle,
  inverseDfpOracle,
  rankOneOracle,
} from './estimates.js';
export { guardedOracle } from './guarded.js';
export { hagerZhangOracle } from './hager-zhang.js';
export { lastLookOracle } from './last-look.js';
export { bisectionOracle } from './line-search.js';
export { gaussNewtonOracle, marquardtOracle } from './marquardt.js';
export { moreThuenteOracle } from './more-thuente.js';
export { projectedGradientOracle } from './projected-gradient.js';
export { doglegOracle, exactRegionOracle } from './regions.js';
export {
  absoluteNewtonOracle,
  bfgsOracle,
  broydenOracle,
  dampedNewtonOracle,
  dfpOracle,
  diagonalNewtonOracle,
  inverseBfgsSolverOracle,
  newtonSolverOracle,
  pseudoinverseNewtonOracle,
  secantOracle,
  steepestOracle,
} from './solvers.js';
export { trustRegionOracle } from './trust-region.js';
export { twoLoopOracle } from './two-loop.js';
