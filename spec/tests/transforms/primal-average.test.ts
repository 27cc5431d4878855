import { expect, test } from 'vitest';
import {
  adam,
  constant,
  float64,
  fromFunction,
  type HostArray,
  linearWarmup,
  quadratic,
  rosenbrock,
  scheduleFreeAdamw,
  scheduleFreeSgd,
  type Tree,
} from '../../../src/index.js';
import { averagedParameters, averages, chain, weightAverage } from '../../../src/transforms/index.js';
import { numbers, run } from '../methods/plain-loop.js';

test('the average of Schedule-Free lies nearer the minimum than the fast point, and is told apart', () => {
  const method = scheduleFreeSgd({ learningRate: 0.15 });
  expect(averages(method)).toBe(true);
  expect(averages(chain(adam(), weightAverage()))).toBe(true);
  expect(averages(adam())).toBe(false);
  const problem = fromFunction(quadratic(3, 10));
  const { state } = run(method, problem, 200);
  const average = averagedParameters(method, state as never);
  const { fast } = (state as unknown as { fast: Tree<HostArray> }[]).at(-1)!;
  const value = (x: unknown) => float64.number(problem.value(x as never, undefined as never));
  expect(value(average)).toBeLessThan(value(fast) + 1e-12);
  expect(numbers(average)).not.toEqual(numbers(fast));
});

test('a warm-up is climbed by the weights too', () => {
  const learningRate = linearWarmup({ steps: 20, schedule: constant(0.02) });
  const problem = fromFunction(rosenbrock(2));
  for (const method of [scheduleFreeAdamw({ learningRate }), scheduleFreeAdamw({ learningRate: 0.02 })]) {
    const { points } = run(method, problem, 300);
    const value = (x: unknown) => float64.number(problem.value(x as never, undefined as never));
    expect(value(points[300])).toBeLessThan(value(points[0]) / 5);
  }
});
