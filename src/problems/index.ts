export { booth } from './booth.js';
export { type FunctionProblem, fromFunction } from './from-function.js';
export type { Evaluation, Examples, Problem } from './problem.js';
export { quadratic } from './quadratic.js';
export { rosenbrock } from './rosenbrock.js';
export type { TestFunction } from './test-function.js';
