import { describe, expect, it } from 'vitest';
import { asSolver, findMethod, type MeasureDescription, methodsIn, minimize } from '../../../src/index.js';
import { leastSquares } from '../../../src/methods/index.js';
import { rosenbrock } from '../../../src/problems/index.js';

/** Runs a method for some iterations, and compares what it reports with what it describes. */
function compared(described: readonly MeasureDescription[], reports: readonly object[]): void {
  const names = described.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const report of reports) {
    for (const [name, value] of Object.entries(report)) {
      const description = described.find((one) => one.name === name);
      expect(description, `${name} is described`).toBeDefined();
      expect(description!.kind).toBe(typeof value === 'number' ? 'number' : 'list');
    }
  }
  for (const name of names)
    expect(
      reports.some((report) => name in report),
      `${name} is reported`,
    ).toBe(true);
}

const oneVariable = {
  name: 'one variable',
  start: [2.5],
  value: ([x]: Float64Array) => x ** 4 / 4 - 2 * x,
  gradient: ([x]: Float64Array) => Float64Array.of(x ** 3 - 2),
  hessian: ([x]: Float64Array) => Float64Array.of(3 * x ** 2),
};

describe('what a solver measures is what it describes', () => {
  for (const [name, entry] of methodsIn('minimize')) {
    it(name, () => {
      const solver = entry.create();
      const univariate = ['guardedNewton', 'univariateNewton', 'secant'].includes(name);
      const problem = univariate ? oneVariable : rosenbrock();
      const reports: object[] = [];
      minimize(problem, problem.start, solver, {
        maxIterations: 8,
        onStep: ({ measures }) => void reports.push({ ...measures }),
      });
      expect(reports.length).toBeGreaterThan(2);
      compared(solver.measures ?? [], reports);
    });
  }

  for (const [name, entry] of methodsIn('leastSquares')) {
    it(name, () => {
      const solver = entry.create();
      const reports: object[] = [];
      leastSquares(rosenbrock(), rosenbrock().start, solver, {
        maxIterations: 8,
        onStep: ({ measures }) => void reports.push({ ...measures }),
      });
      compared(solver.measures ?? [], reports);
    });
  }

  it('a method of transforms as a solver', () => {
    const lars = findMethod('lars', 'train').create();
    const reports: object[] = [];
    minimize(rosenbrock(), [-1.2, 1], asSolver(lars), {
      maxIterations: 4,
      onStep: ({ measures }) => void reports.push({ ...measures }),
    });
    expect(lars.measures?.length).toBeGreaterThan(0);
    compared(lars.measures ?? [], reports);
  });
});
