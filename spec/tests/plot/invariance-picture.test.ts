import { expect, test } from 'vitest';
import { contourPlot } from '../../../dashboard/plot/index.js';
import { asSolver, gradientDescent, type Method, newton } from '../../../src/index.js';
import {
  data,
  flow,
  type GaussianFit,
  inMoments,
  inNaturalParameters,
  type Moments,
} from './gaussian-fit.js';
import { pathOf } from './paths.js';

const fits = [inMoments, inNaturalParameters];
const time = 8;

/** The path of a method in (mean, log-variance), whatever coordinates it runs in. */
function momentsOf({ problem, toMoments }: GaussianFit, method: Method, steps: number): Moments[] {
  return pathOf('', problem, problem.start, asSolver(method), steps).points.map(toMoments);
}

const natural = (rate: number) =>
  fits.map((fit) => momentsOf(fit, newton({ learningRate: rate }), Math.round(time / rate)));
const descent = (rate: number) =>
  fits.map((fit) => momentsOf(fit, gradientDescent({ learningRate: rate }), Math.round(60 / rate)));

const distance = ([a, b]: Moments, [c, d]: Moments) => Math.hypot(a - c, b - d);
/** How far the farthest point of one path is from the other, as lines of many points. */
const apart = ([one, other]: readonly Moments[][]) =>
  Math.max(...one.map((point) => Math.min(...other.map((place) => distance(point, place)))));
/** How far the two are from each other at the same step, at the most. */
const apartInTime = ([one, other]: readonly Moments[][]) =>
  Math.max(...one.map((point, k) => distance(point, other[k])));

test('gradients and Fisher matrices of both systems are right, and one is the other moved', () => {
  const h = 1e-5;
  for (const { problem, toMoments } of fits) {
    const x = Float64Array.from(problem.start);
    const moved = (i: number, by: number) => x.map((xi, j) => (j === i ? xi + by : xi));
    for (const i of [0, 1]) {
      const slope = (problem.value(moved(i, h)) - problem.value(moved(i, -h))) / (2 * h);
      expect(problem.gradient!(x)[i]).toBeCloseTo(slope, 7);
    }
    // F = JᵀF'J with J the derivative of mean and log-variance by x, F' = diag(e⁻ˢ, ½).
    const [, s] = toMoments(x);
    const columns = [0, 1].map((i) => {
      const [plus, minus] = [toMoments(moved(i, h)), toMoments(moved(i, -h))];
      return plus.map((value, j) => (value - minus[j]) / (2 * h));
    });
    const fisher = problem.hessian!(x);
    for (const i of [0, 1]) {
      for (const j of [0, 1]) {
        const [a, b] = [columns[i], columns[j]];
        const expected = a[0] * b[0] * Math.exp(-s) + 0.5 * a[1] * b[1];
        expect(fisher[2 * i + j]).toBeCloseTo(expected, 6);
      }
    }
  }
});

test('the natural gradient takes one path in both, as near as its steps are short; gradient descent takes two', () => {
  const rates = [0.1, 0.05, 0.025];
  const natures = rates.map((rate) => apartInTime(natural(rate)));
  // Euler's method: half the step, half the distance, up to its next order.
  for (const k of [1, 2]) expect(natures[k - 1] / natures[k]).toBeGreaterThan(1.7);
  const finest = natural(0.025);
  for (const path of finest) {
    for (const [k, point] of path.entries()) expect(distance(point, flow(0.025 * k))).toBeLessThan(0.1);
  }
  const descents = rates.map((rate) => apart(descent(rate)));
  expect(Math.min(...descents)).toBeGreaterThan(0.5);
  expect(descents[2] / descents[1]).toBeGreaterThan(0.8); // it does not go away with shorter steps
});

// Drawn anew by `npx vitest run spec/tests/plot/invariance-picture.test.ts --update`.
test('the picture and the page in docs are those that the methods draw today', async () => {
  const value = (mean: number, s: number) => inMoments.problem.value(Float64Array.of(mean, s));
  const labels = ['mean, log-variance', 'natural parameters'];
  const paths = [
    ...descent(0.025).map((points, k) => ({ label: `gradient descent: ${labels[k]}`, points })),
    ...natural(0.025).map((points, k) => ({ label: `natural gradient: ${labels[k]}`, points })),
  ].map((path) => ({ ...path, values: path.points.map(([mean, s]) => value(mean, s)) }));
  const minimum = [data.mean, Math.log(data.variance)];
  const title = 'A Gaussian fitted in two systems of coordinates (x₁ the mean, x₂ the log-variance)';
  await expect(
    contourPlot({ title, value, paths, minima: [{ x: minimum, value: value(minimum[0], minimum[1]) }] }),
  ).toMatchFileSnapshot('../../../docs/invariance.svg');

  const rows = [0.1, 0.05, 0.025].map(
    (h) => `| ${h} | ${apartInTime(natural(h)).toFixed(3)} | ${apart(descent(h)).toFixed(3)} |`,
  );
  await expect(`# The natural gradient knows no coordinates

One Gaussian is fitted to data of mean ${data.mean} and variance ${data.variance} by its likelihood: once in its mean μ and the logarithm s of its
variance, once in its natural parameters μ/σ² and −1/2σ². Both are the same family, so a method that follows the
distributions, and not the numbers they are written in, takes one path. Every figure here is made by
\`spec/tests/plot/invariance-picture.test.ts\`, from closed forms that it holds against differences.

![Four paths: two of gradient descent, and two of the natural gradient that lie on each other](invariance.svg)

- **Gradient descent** x⁺ = x − η∇f goes downhill in whatever coordinates it is given: two systems, two paths.
- **The natural gradient** x⁺ = x − ηF⁻¹∇f, F the Fisher matrix, goes one way. The expectations of X and X² under the
  model move straight to those of the data, whatever the coordinates: E(t) = E* + (E₀ − E*)·e⁻ᵗ.

A step is still a step along a straight line in its own coordinates, so the two agree as well as steps are short:

| step η | natural gradient, farthest apart | gradient descent, farthest apart |
|---|---|---|
${rows.join('\n')}

Half the step, half the distance; gradient descent keeps its two paths. The Fisher matrices are diag(e⁻ˢ, ½) in (μ, s), and the
covariance of (X, X²) in natural parameters. On models,
\`kfac\` takes Kronecker products for the Fisher matrix, and keeps what of the invariance they allow: [laws.md](laws.md).

Source: Amari 1998.
`).toMatchFileSnapshot('../../../docs/invariance.md');
});
