import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
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
  type Minimization,
  minimize,
  newton,
  quartic,
  type Solver,
} from '../../../src/index.js';
import { check } from '../../check.js';
import { mutants } from '../../mutants/index.js';
import { functionOf } from '../../oracles/dense/matrices.js';

const { trajectories } = JSON.parse(
  readFileSync(new URL('../../data/quartic.json', import.meta.url), 'utf8'),
) as { trajectories: Record<string, number[][]> };

const page = readFileSync(new URL('../../../docs/quartic.md', import.meta.url), 'utf8');

const plainBfgs = () => bfgs({ search: fixedStep(0.15), scaled: false, guard: 'none' });
/** All pairs are kept: no run here is longer. */
const repaired = () => lbfgs({ search: fixedStep(0.15), scaled: false, memory: 60 });

const methods: Readonly<Record<string, () => Solver>> = {
  gradientDescent: () => asSolver(gradientDescent({ learningRate: 0.1 })),
  newton: () => asSolver(newton({ learningRate: 0.8 })),
  dampedNewton: () => dampedNewton({ damping: 1, search: fixedStep(0.8) }),
  absoluteNewton: () => absoluteNewton({ search: fixedStep(0.8) }),
  bfgs: plainBfgs,
  lbfgs: repaired,
  lbfgsAsPublished: () => lbfgsAsPublished(),
  diagonalNewton: () => diagonalNewton({ search: fixedStep(0.5) }),
  diagonalNewtonAsPublished: () => diagonalNewtonAsPublished({ search: fixedStep(0.5) }),
};

function follow(solver: Solver, steps: number, of: Minimization = quartic(), start = quartic().start) {
  const path: number[][] = [];
  const values: number[] = [];
  minimize(of, start, solver, {
    gradientTolerance: 0,
    maxIterations: steps,
    onStep({ x, value }) {
      path.push([...x]);
      values.push(value);
    },
  });
  return { path, values };
}

function expectPath(path: readonly number[][], expected: readonly number[][], tolerance: number) {
  expect(path).toHaveLength(expected.length);
  path.forEach((point, k) => {
    point.forEach((entry, i) => {
      expect(Math.abs(entry - expected[k][i]), `point ${k}, entry ${i}`).toBeLessThan(tolerance);
    });
  });
}

describe('the published trajectories', () => {
  test.each(Object.keys(trajectories))('%s takes the 15 steps computed by JAX', (name) => {
    expectPath(follow(methods[name](), 15).path, trajectories[name], 1e-10);
  });

  test('L-BFGS over all pairs takes the published steps of BFGS', () => {
    expectPath(follow(repaired(), 15).path, trajectories.bfgs, 1e-10);
  });

  test('saddle-free Newton takes 0.8·|H|⁻¹g by Jacobi’s eigenvectors', () => {
    const of = quartic();
    const { path } = follow(methods.absoluteNewton(), 15);
    path.slice(1).forEach((next, k) => {
      const x = Float64Array.from(path[k]);
      const p = functionOf(of.hessian!(x), of.gradient!(x), (lambda) => -0.8 / Math.abs(lambda));
      next.forEach((entry, i) => {
        expect(Math.abs(entry - x[i] - p[i])).toBeLessThan(1e-13);
      });
    });
  });
});

describe('sixty steps', () => {
  const least = quartic().minimum!.value;
  const runs = Object.fromEntries(
    Object.entries(methods).map(([name, create]) => [name, follow(create(), 60)]),
  );
  const excess = (name: string, step: number) => {
    const { values } = runs[name];
    return values[Math.min(step, values.length - 1)] - least;
  };

  test('repaired, L-BFGS equals BFGS step for step and converges', () => {
    expectPath(runs.lbfgs.path, runs.bfgs.path, 1e-12);
    expect(excess('lbfgs', 60)).toBeLessThan(1e-9);
  });

  test('as published, it stalls 0.09 above the minimum', () => {
    for (let step = 5; step <= 60; step++) expect(excess('lbfgsAsPublished', step)).toBeCloseTo(0.09, 2);
  });

  // Below that, rounding of f itself decides the digits.
  const shown = (value: number) => (value < 1e-13 ? '< 1e-13' : value.toExponential(1));

  test.each(Object.keys(methods))('the page has the figures of %s', (name) => {
    const figures = [5, 15, 30, 60].map((step) => shown(excess(name, step)));
    expect(page).toContain(`| \`${name}\` | ${figures.join(' | ')} |`);
  });
});

describe('the laws that find the errors', () => {
  const judged = (id: string) => {
    const { subject, killedBy } = mutants.find((mutant) => mutant.id === id)!;
    const [law] = check(subject, { seed: 1, runs: 200, laws: [killedBy] }).laws;
    return law;
  };

  test('35b finds what L-BFGS subtracts', () => {
    const law = judged('gradient-transformed-in-place');
    expect(law).toMatchObject({ id: '35b', verdict: 'broken' });
    // f(x) = ½x² − x from 0 with steps ¼Hg, the third of which goes wrong.
    expect(law.counterexample).toMatch(/"n":1,"matrix":Float64Array.from\(\[1\]\).*\[-1\]\)\},0.25,3\]$/);
    expect(page).toContain(`law 35b, after ${law.runs} samples`);
    const parabola = {
      value: ([x]: Float64Array) => (x * x) / 2 - x,
      gradient: ([x]: Float64Array) => Float64Array.of(x - 1),
    };
    const along = (solver: Solver) => follow(solver, 3, parabola, [0]).path.map(([x]) => x);
    const right = along(lbfgs({ search: fixedStep(0.25), scaled: false }));
    const published = along(lbfgsAsPublished({ search: fixedStep(0.25) }));
    expect(right).toEqual([0, 0.25, 0.4375, 0.578125]);
    expect(published).toEqual([0, 0.25, 0.4375, 0.390625]);
    expect(page).toContain(`as published ${published.join(', ')}`);
    expect(page).toContain(`repaired ${right.join(', ')}`);
  });

  test('37 finds row sums taken for the diagonal', () => {
    const law = judged('row-sums');
    expect(law).toMatchObject({ id: '37', verdict: 'broken' });
    expect(law.counterexample).toMatch(/"n":3,"matrix":Float64Array.from\(\[1,0,0,0,1.64/);
    expect(page).toContain(`law 37, after ${law.runs} samples`);
    const [a, b, c] = [1.64, -0.48, 1.36];
    const rows = [1, a + b, b + c].map((sum) => sum.toFixed(2));
    expect(page).toContain(`divides by (${rows.join(', ')}), not by (1, ${a}, ${c})`);
  });
});
