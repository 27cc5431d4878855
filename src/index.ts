export * from './algebra/index.js';
export * from './curvature/index.js';
export * from './least-squares/index.js';
export * from './linalg/index.js';
export * from './methods/index.js';
export * from './objective/index.js';
export * from './problems/index.js';
export * from './search/index.js';
export type { Options, OptionValue, Transform } from './transforms/index.js';
export {
  constant,
  cosine,
  exponential,
  linearWarmup,
  type Schedule,
  stepwise,
} from './transforms/schedule.js';
export * from './trust-region/index.js';
