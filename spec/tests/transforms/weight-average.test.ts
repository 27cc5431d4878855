import { expect, test } from 'vitest';
import { adam, float64, fromFunction, gradientDescent, quadratic } from '../../../src/index.js';
import { averagedParameters, chain, weightAverage } from '../../../src/transforms/index.js';
import { numbers, run } from '../methods/plain-loop.js';

const problem = fromFunction(quadratic(3, 10));

test('follows the parameters after each step, and changes none of them', () => {
  const averaging = chain(gradientDescent({ learningRate: 0.05 }), weightAverage({ beta: 0.75 }));
  const { points, state } = run(averaging, problem, 10);
  const bare = run(gradientDescent({ learningRate: 0.05 }), problem, 10);
  expect(points.map(numbers)).toEqual(bare.points.map(numbers));
  let expected = numbers(points[0]);
  for (const point of points.slice(1)) {
    expected = numbers(point).map((x, i) => 0.75 * expected[i] + 0.25 * x);
  }
  // Ten sums of two numbers no larger than the start: 10·3 roundings.
  numbers(averagedParameters(averaging, state)).forEach((entry, i) => {
    expect(Math.abs(entry - expected[i])).toBeLessThan(30 * 2 ** -52 * Math.hypot(...numbers(points[0])));
  });
});

test('is the newest parameters until the warm-up ends', () => {
  const averaging = chain(adam(), weightAverage({ beta: 0.5, warmup: 4 }));
  const { points, state } = run(averaging, problem, 4);
  expect(numbers(averagedParameters(averaging, state))).toEqual(numbers(points[4]));
  const later = run(averaging, problem, 5);
  expect(numbers(averagedParameters(averaging, later.state))).not.toEqual(numbers(later.points[5]));
});

test('starts as a copy, and is told where there is none', () => {
  const alone = weightAverage();
  const x = float64.array([1, 2], [2]);
  const average = averagedParameters(alone, alone.init(x, float64));
  expect(average).not.toBe(x);
  expect(numbers(average)).toEqual([1, 2]);
  expect(() => averagedParameters(adam(), [])).toThrow(/expected a weightAverage/);
});
