import { booth, quadratic, rosenbrock, type TestFunction } from '../../src/problems/index.js';

/** The test functions that a race knows by name. */
export const testFunctions: ReadonlyMap<string, () => TestFunction> = new Map<string, () => TestFunction>([
  ['booth', booth],
  ['rosenbrock', () => rosenbrock(2)],
]);
