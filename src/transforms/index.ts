export type { Option, OptionsOf } from '../algebra/option.js';
export { type Chain, chain, isChain } from './chain.js';
export { clipByNorm } from './clip-by-norm.js';
export { clipByValue } from './clip-by-value.js';
export { grouped } from './grouped.js';
export { learningRate } from './learning-rate.js';
export { masked } from './masked.js';
export { momentum } from './momentum.js';
export { nesterov } from './nesterov.js';
export { newton } from './newton.js';
export type { EpsilonPlace } from './root.js';
export { type BeliefOptions, scaleByBelief } from './scale-by-belief.js';
export { type MeanSquareOptions, scaleByMeanSquare } from './scale-by-mean-square.js';
export { type MomentsOptions, scaleByMoments } from './scale-by-moments.js';
export { type SumOfSquaresOptions, scaleBySumOfSquares } from './scale-by-sum-of-squares.js';
export { constant, cosine, exponential, linearWarmup, type Schedule, stepwise } from './schedule.js';
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
export { averagedParameters, type WeightAverageOptions, weightAverage } from './weight-average.js';
export { weightDecay } from './weight-decay.js';
