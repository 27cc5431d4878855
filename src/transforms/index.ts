export type { Option, OptionsOf } from '../algebra/option.js';
export { averagedParameters, averages, isAveraging } from './averaged-parameters.js';
export { type Chain, chain, isChain } from './chain.js';

export { type CurvatureClipOptions, clipByCurvature } from './clip-by-curvature.js';

export { clipByKl } from './clip-by-kl.js';

export { clipByNorm } from './clip-by-norm.js';

export { clipByValue } from './clip-by-value.js';
export {
  type FisherCurvatureOptions,
  type FisherKind,
  type FisherSolve,
  fisherCurvature,
} from './fisher-curvature.js';
export type { FisherEstimate } from './fisher-diagonal.js';
export { grouped } from './grouped.js';
export { type HessianFreeOptions, hessianFreeSteps } from './hessian-free-steps.js';
export { type InterpolatedMomentumOptions, interpolatedMomentum } from './interpolated-momentum.js';
export {
  type KroneckerCurvatureOptions,
  kroneckerCurvature,
} from './kronecker-curvature.js';
export type { KroneckerForm } from './kronecker-state.js';
export { type Route, type RoutingRules, routing } from './layer-routing.js';
export { learningRate } from './learning-rate.js';
export { masked } from './masked.js';
export { type HistogramsOptions, measureHistograms } from './measure-histograms.js';
export { type LayersOptions, measureLayers } from './measure-layers.js';
export { measureSpectrum, type SpectrumOptions } from './measure-spectrum.js';
export { momentum } from './momentum.js';
export { nesterov } from './nesterov.js';
export { newton } from './newton.js';
export { type NormalizeNeuronsOptions, normalizeNeurons } from './normalize-neurons.js';
export { mergedAttention, type OrthogonalizeOptions, orthogonalize } from './orthogonalize.js';
export {
  type Coefficients,
  orthogonalizingPolynomials,
  type Quintic,
} from './orthogonalizing-polynomials.js';
export { precondition } from './precondition.js';
export { preconditionByRoots, type RootsOptions } from './precondition-by-roots.js';
export type { Preconditioner, Ready } from './preconditioner.js';
export { type PrimalAverageOptions, primalAverage } from './primal-average.js';
export { type ProximalStepOptions, proximalStep } from './proximal-step.js';
export { type QuadraticStepsOptions, quadraticSteps } from './quadratic-steps.js';
export {
  type Asked,
  isRefreshed,
  type Refreshed,
  type RefreshedState,
  type Refreshing,
  refreshed,
} from './refreshed.js';
export type { EpsilonPlace } from './root.js';
export { scale } from './scale.js';
export { type BeliefOptions, scaleByBelief } from './scale-by-belief.js';
export {
  type CurvatureDiagonalOptions,
  type DiagonalEstimate,
  scaleByCurvatureDiagonal,
} from './scale-by-curvature-diagonal.js';
export { type CurvatureSquareOptions, scaleByCurvatureSquare } from './scale-by-curvature-square.js';
export { type DistanceOptions, scaleByDistance } from './scale-by-distance.js';
export { type FisherScaleOptions, scaleByFisher } from './scale-by-fisher.js';
export { type MeanSquareOptions, scaleByMeanSquare } from './scale-by-mean-square.js';
export { type MomentsOptions, scaleByMoments } from './scale-by-moments.js';
export { type NesterovMomentsOptions, scaleByNesterovMoments } from './scale-by-nesterov-moments.js';
export {
  type PreviousMeanSquareOptions,
  scaleByPreviousMeanSquare,
} from './scale-by-previous-mean-square.js';
export { type RotatedMomentsOptions, scaleByRotatedMoments } from './scale-by-rotated-moments.js';
export { type SumOfSquaresOptions, scaleBySumOfSquares } from './scale-by-sum-of-squares.js';
export { constant, cosine, exponential, linearWarmup, type Schedule, stepwise } from './schedule.js';
export { type SecantStepsOptions, secantSteps } from './secant-steps.js';
export { everything, type Selection } from './selection.js';
export { sign } from './sign.js';
export type {
  Context,
  Measure,
  MeasureDescription,
  Measures,
  Options,
  OptionValue,
  Step,
  Transform,
} from './transform.js';
export { type TrustRatioOptions, trustRatio } from './trust-ratio.js';
export { type WeightAverageOptions, weightAverage } from './weight-average.js';
export { weightDecay } from './weight-decay.js';
export { type WhiteningOptions, whitenByFactors } from './whiten-by-factors.js';
