export * from './algebra/index.js';
export type { Objective } from './search/objective.js';
export type { Outcome } from './search/outcome.js';
export type { Options } from './transforms/transform.js';
