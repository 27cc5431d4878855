export {
  dampedHessianOracle,
  dampingOracle,
  gaussNewtonOracle,
  marquardtOracle,
  trustRegionOracle,
} from './damped.js';
export {
  broydenJacobianOracle,
  inverseBfgsOracle,
  inverseDfpOracle,
  rankOneOracle,
} from './estimates.js';
export { bisectionOracle } from './line-search.js';
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
export { twoLoopOracle } from './two-loop.js';
