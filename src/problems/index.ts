export { booth } from './booth.js';
export { branin } from './branin.js';
export { sixHumpCamel, threeHumpCamel } from './camels.js';
export { dixonPrice } from './dixon-price.js';
export { fromExpression } from './from-expression.js';
export { type FunctionProblem, fromFunction } from './from-function.js';
export { type FunctionEntry, findFunction, functions } from './functions.js';
export { goldsteinPrice } from './goldstein-price.js';
export { type Disagreement, type GradientReport, gradientCheck, type Place } from './gradient-check.js';
export { himmelblau } from './himmelblau.js';
export { moreGarbowHillstrom } from './more-garbow-hillstrom/all.js';
export * from './more-garbow-hillstrom/index.js';
export { quadratic } from './quadratic.js';
export { quartic } from './quartic.js';
export { type RegressionModel, regression } from './regression.js';
export {
  arctangentOnLine,
  power,
  powerSaturation,
  shiftedPower,
  threeCycles,
} from './regression-curves.js';
export {
  agingLine,
  exponentialOverLine,
  exponentialSum,
  generalizedLogistic,
  logistic,
  offsetExponentials,
  peak,
  peaksOnDecay,
  reciprocalExponential,
  saturation,
} from './regression-exponential.js';
export { enzymeReaction, rational } from './regression-rational.js';
export { rosenbrock } from './rosenbrock.js';
export { saddle } from './saddle.js';
export { styblinskiTang } from './styblinski-tang.js';
export { type Squares, type SumOfSquares, sumOfSquares } from './sum-of-squares.js';
export type { Minimum, TestFunction } from './test-function.js';
export { trid } from './trid.js';
export { zakharov } from './zakharov.js';
