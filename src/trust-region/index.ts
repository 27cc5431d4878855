export { dogleg } from './dogleg.js';
export { exact } from './exact-subproblem.js';
export type { QuadraticModel, Subproblem } from './quadratic-model.js';
export { steihaug } from './steihaug.js';
export { subproblems } from './subproblems.js';
