export { type AbsoluteNewtonOptions, absoluteNewton } from './absolute-newton.js';
export { type AdabeliefOptions, adabelief } from './adabelief.js';
export { type AdagradOptions, adagrad } from './adagrad.js';
export {
  type AdahessianOptions,
  adahessian,
  adahessianAsPublished,
  adahessianForVisionTransformer,
} from './adahessian.js';
export { type AdamOptions, adam } from './adam.js';
export { type AdamwOptions, adamw } from './adamw.js';
export { type AdanOptions, adan } from './adan.js';
export { type AdoptOptions, adopt } from './adopt.js';
export { asSolver } from './as-solver.js';
export { batchLbfgs } from './batch-lbfgs.js';
export { type BfgsOptions, bfgs } from './bfgs.js';
export { type BroydenOptions, broyden } from './broyden.js';
export { catalogue, findMethod, methodsIn } from './catalogue.js';
export type { AnyMethod, CatalogueEntry, Runner, Runners } from './catalogue-entry.js';
export {
  type ClippedDiagonalNewtonOptions,
  clippedDiagonalNewton,
  clippedDiagonalNewtonAsPublished,
  diagonalNewtonForVisionTransformer,
} from './clipped-diagonal-newton.js';
export { type DampedNewtonOptions, dampedNewton } from './damped-newton.js';
export { type DfpOptions, dfp } from './dfp.js';
export { type DiagonalNewtonOptions, diagonalNewton, diagonalNewtonAsPublished } from './diagonal-newton.js';
export {
  type FisherAdamOptions,
  fisherAdam,
  fisherAdamAsPublished,
  fisherAdamForVisionTransformer,
} from './fisher-adam.js';
export { type GaussNewtonOptions, gaussNewton } from './gauss-newton.js';
export { type GradientDescentOptions, gradientDescent, gradientDescent as sgd } from './gradient-descent.js';
export { guardedNewton } from './guarded-newton.js';
export { hessianFree } from './hessian-free.js';
export type { CurvatureGuard } from './inverse-quasi-newton.js';
export { type KfacFixedOptions, type KfacOptions, kfac, kfacFixed } from './kfac.js';
export { type LambOptions, lamb } from './lamb.js';
export { type LarsOptions, lars } from './lars.js';
export { type LbfgsOptions, lbfgs } from './lbfgs.js';
export { type LbfgsAsPublishedOptions, lbfgsAsPublished } from './lbfgs-as-published.js';
export { type LbfgsbOptions, lbfgsb } from './lbfgsb.js';
export {
  type LeastSquaresOptions,
  type LeastSquaresResult,
  LeastSquaresRun,
  type LeastSquaresStep,
  leastSquares,
} from './least-squares.js';
export { type LevenbergMarquardtOptions, levenbergMarquardt } from './levenberg-marquardt.js';
export {
  type LevenbergMarquardtNewtonOptions,
  levenbergMarquardtNewton,
} from './levenberg-marquardt-newton.js';
export { type LineSearchNewtonOptions, lineSearchNewton } from './line-search-newton.js';
export { type LionOptions, lion } from './lion.js';
export { type Method, method } from './method.js';
export {
  MinimizationRun,
  type MinimizeOptions,
  type MinimizeResult,
  type MinimizeStep,
  minimize,
} from './minimize.js';
export { type ModifiedNewtonOptions, modifiedNewton } from './modified-newton.js';
export { type MomentumOptions, momentum } from './momentum.js';
export { hiddenMatrices, type MuonOptions, muon } from './muon.js';
export {
  type BatchGaussNewtonOptions,
  batchGaussNewton,
  gaussNewtonAsPublished,
  gaussNewtonForVisionTransformer,
  type NaturalGradientOptions,
  naturalGradient,
} from './natural-gradient.js';
export { type NesterovOptions, nesterov } from './nesterov.js';
export { type NewtonOptions, newton } from './newton.js';
export { type NewtonConjugateGradientOptions, newtonConjugateGradient } from './newton-conjugate-gradient.js';
export {
  type NonlinearConjugateGradientOptions,
  nonlinearConjugateGradient,
} from './nonlinear-conjugate-gradient.js';
export { type NormuonOptions, normuon } from './normuon.js';
export { optionsTable } from './options-table.js';
export { type ProdigyOptions, prodigy } from './prodigy.js';
export { type ProjectedNewtonOptions, projectedNewton } from './projected-newton.js';
export { type PseudoinverseNewtonOptions, pseudoinverseNewton } from './pseudoinverse-newton.js';
export { type PsgdKronOptions, psgdKron } from './psgd-kron.js';
export { publishedOptions } from './published-options.js';
export { type RmspropOptions, rmsprop } from './rmsprop.js';
export type { RunStep } from './run.js';
export type { RunOptions } from './run-options.js';
export { type ScheduleFreeAdamwOptions, scheduleFreeAdamw } from './schedule-free-adamw.js';
export { type ScheduleFreeSgdOptions, scheduleFreeSgd } from './schedule-free-sgd.js';
export { type SecantOptions, secant } from './secant.js';
export { type ShampooOptions, shampoo, shampooForVisionTransformer } from './shampoo.js';
export { type SignDescentOptions, signDescent } from './sign-descent.js';
export { type SoapOptions, soap } from './soap.js';
export { type SophiaOptions, sophia } from './sophia.js';
export { type Sr1Options, sr1 } from './sr1.js';
export { throughResiduals } from './through-residuals.js';
export { type TrustRegionOptions, trustRegion } from './trust-region.js';
export { type UnivariateNewtonOptions, univariateNewton } from './univariate-newton.js';
