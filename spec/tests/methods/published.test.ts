import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  findMethod,
  fromFunction,
  gradientDescent,
  newton,
  quartic,
  type TestFunction,
} from '../../../src/index.js';
import { numbers, run } from './plain-loop.js';

const data = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../data/${file}`, import.meta.url), 'utf8'));

const { minimum, minimumValue, trajectories } = data('quartic.json') as {
  minimum: number[];
  minimumValue: number;
  trajectories: Record<string, number[][]>;
};

function expectPath(points: readonly unknown[], path: readonly number[][], tolerance: number) {
  expect(points).toHaveLength(path.length);
  points.forEach((point, k) => {
    numbers(point).forEach((entry, i) => {
      expect(Math.abs(entry - path[k][i]), `point ${k}, entry ${i}`).toBeLessThan(tolerance);
    });
  });
}

test('the quartic has the published minimum', () => {
  const of = quartic();
  expect(of.value(Float64Array.from(minimum))).toBeCloseTo(minimumValue, 14);
  for (const slope of of.gradient!(Float64Array.from(minimum))) expect(Math.abs(slope)).toBeLessThan(1e-12);
});

test.each([
  ['gradientDescent', gradientDescent({ learningRate: 0.1 })],
  ['newton', newton({ learningRate: 0.8 })],
])('%s follows its trajectory computed by JAX', (name, method) => {
  const { points } = run(method, fromFunction(quartic()), 15);
  expectPath(points, trajectories[name], 1e-10);
});

const reference = data('optax.json') as {
  steps: number[];
  runs: { method: string; options: Record<string, unknown>; path: number[][] }[];
};

const [w, c] = [
  [1, 4, 0.25],
  [1, -2, 0.5],
];
const wavy: TestFunction = {
  name: 'wavy',
  start: [0.5, 0.75, -1.5],
  value: (x) => x.reduce((sum, xi, i) => sum + (w[i] * (xi - c[i]) ** 2) / 2, Math.sin(x[0] * x[1])),
  gradient(x) {
    const slope = Math.cos(x[0] * x[1]);
    return x.map((xi, i) => w[i] * (xi - c[i]) + [slope * x[1], slope * x[0], 0][i]);
  },
};

test.each(reference.runs)('$method with $options takes the steps of optax', ({ method, options, path }) => {
  const { points } = run(findMethod(method, 'train').create(options), fromFunction(wavy), 20);
  expectPath(
    reference.steps.map((step) => points[step]),
    path,
    1e-10,
  );
});
