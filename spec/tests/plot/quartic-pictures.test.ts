import { expect, test } from 'vitest';
import { contourPlot, convergencePlot } from '../../../dashboard/plot/index.js';
import {
  absoluteNewton,
  asSolver,
  bfgs,
  dampedNewton,
  diagonalNewton,
  diagonalNewtonAsPublished,
  fixedStep,
  gradientDescent,
  lbfgs,
  lbfgsAsPublished,
  newton,
  quartic,
  type Solver,
} from '../../../src/index.js';
import { pathOf } from './paths.js';

const steps = 60;
const problem = quartic();
const minima = [problem.minimum!];
const step = (size: number) => ({ search: fixedStep(size) });

/** The rules of the published example. */
const solvers: Readonly<Record<string, Solver>> = {
  gradientDescent: asSolver(gradientDescent({ learningRate: 0.1 })),
  newton: asSolver(newton({ learningRate: 0.8 })),
  dampedNewton: dampedNewton({ damping: 1, ...step(0.8) }),
  absoluteNewton: absoluteNewton(step(0.8)),
  bfgs: bfgs({ ...step(0.15), guard: 'none', scaled: false }),
  lbfgs: lbfgs({ ...step(0.15), memory: steps, scaled: false }),
  lbfgsAsPublished: lbfgsAsPublished(step(0.15)),
  diagonalNewton: diagonalNewton(step(0.5)),
  diagonalNewtonAsPublished: diagonalNewtonAsPublished(step(0.5)),
};

const paths = Object.entries(solvers).map(([name, solver]) =>
  pathOf(name, problem, problem.start, solver, steps),
);

const end = (name: string) =>
  paths.find(({ label }) => label === name)!.values.at(-1)! - problem.minimum!.value;

test('over 60 steps the repaired L-BFGS converges with BFGS, and the published one stalls 0.09 above', () => {
  expect(end('lbfgs')).toBeLessThan(1e-9);
  expect(Math.abs(end('lbfgs') - end('bfgs'))).toBeLessThan(1e-12);
  expect(end('lbfgsAsPublished')).toBeCloseTo(0.09, 2);
});

// Drawn anew by `npx vitest run spec/tests/plot -u`.
test('the pictures in docs are those that the methods draw today', async () => {
  const value = (x: number, y: number) => problem.value(Float64Array.of(x, y));
  const title = `quartic: ${steps} steps from (−0.9, 0.4)`;
  await expect(contourPlot({ title, value, paths, minima })).toMatchFileSnapshot(
    '../../../docs/quartic-paths.svg',
  );
  await expect(convergencePlot({ title, paths, minima })).toMatchFileSnapshot(
    '../../../docs/quartic-convergence.svg',
  );
});
