export { type Chain, chain } from './chain.js';
export { learningRate } from './learning-rate.js';
export { momentum } from './momentum.js';
export type { Schedule } from './schedule.js';
export type { Context, Options, OptionValue, Step, Transform } from './transform.js';
