export * from './algebra/index.js';
export * from './methods/index.js';
export * from './problems/index.js';
export type { Objective } from './search/objective.js';
export type { Outcome } from './search/outcome.js';
export type { Options, OptionValue, Transform } from './transforms/index.js';
export {
  constant,
  cosine,
  exponential,
  linearWarmup,
  type Schedule,
  stepwise,
} from './transforms/schedule.js';
