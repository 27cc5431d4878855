import { expect, test } from 'vitest';
import {
  bfgs,
  brownDennis,
  lbfgs,
  meyer,
  minimize,
  moreGarbowHillstrom,
  type SumOfSquares,
  trustRegion,
} from '../../../src/index.js';

/** cf(x/d), whose derivatives are exact multiples where c and d are powers of two. */
function scaled(
  of: SumOfSquares,
  c: number,
  d: number,
): Required<Pick<SumOfSquares, 'value' | 'gradient' | 'hessian'>> {
  const back = (x: Float64Array) => x.map((entry) => entry / d);
  return {
    value: (x) => c * of.value(back(x)),
    gradient: (x) => of.gradient(back(x)).map((entry) => (c / d) * entry),
    hessian: (x) => of.hessian(back(x)).map((entry) => (c / d / d) * entry),
  };
}

test.each([
  [2 ** 10, 1],
  [2 ** -10, 1],
  [1, 2 ** 6],
  [2 ** 8, 2 ** -6],
])('the trust region takes the same course for %d·f in units of %d', (c, d) => {
  for (const of of moreGarbowHillstrom()) {
    const options = { gradientTolerance: 0, maxIterations: 12 };
    const plain = minimize(of, of.start, trustRegion(), options);
    const start = Array.from(of.start, (entry) => d * entry);
    const other = minimize(scaled(of, c, d), start, trustRegion(), options);
    expect(other.evaluations, of.name).toEqual(plain.evaluations);
    expect(other.x, of.name).toEqual(plain.x.map((entry) => d * entry));
    expect(other.value, of.name).toBe(c * plain.value);
  }
});

test('the first radius is the length of the Cauchy step, within the largest allowed', () => {
  const of = brownDennis();
  const [g, h] = [of.gradient(Float64Array.from(of.start)), of.hessian(Float64Array.from(of.start))];
  let curvature = 0;
  for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) curvature += g[i] * h[i * 4 + j] * g[j];
  const cauchy = Math.hypot(...g) ** 3 / curvature;
  for (const maxRadius of [1e10, cauchy / 3]) {
    const radii: number[] = [];
    minimize(of, of.start, trustRegion({ maxRadius }), {
      maxIterations: 1,
      onStep: ({ measures }) => radii.push(measures.radius as number),
    });
    // The first step of this function is good, so that no trial was rejected.
    expect(Math.abs(radii[1] / Math.min(cauchy, maxRadius) - 1)).toBeLessThan(1e-12);
  }
});

test.each([
  ['bfgs', bfgs()],
  ['lbfgs', lbfgs()],
])('%s wastes few evaluations where the values have no digits left to show', (_, solver) => {
  // The rounding of Meyer's function is 10⁴ times ε|f|, so that the gradient never falls to the tolerance.
  const of = meyer();
  let evaluations = 0;
  let atLastStep = 0;
  const counted = {
    gradient: of.gradient,
    value(x: Float64Array) {
      evaluations++;
      return of.value(x);
    },
  };
  const { outcome, value } = minimize(counted, of.start, solver, {
    onStep: () => {
      atLastStep = evaluations;
    },
  });
  expect(outcome.kind).toBe('converged');
  expect(Math.abs(value - of.minima![0].value)).toBeLessThan(1e-8 * value);
  expect(evaluations - atLastStep).toBeLessThan(20);
});
