import { describe, expect, test } from 'vitest';
import { MeasuredSteps } from '../../../dashboard/cli/race/measured-steps.js';
import { adam, asSolver, bfgs, minimize, rosenbrock } from '../../../src/index.js';
import type { Method } from '../../../src/methods/index.js';
import type { Solver } from '../../../src/objective/solver.js';
import { chain, learningRate, momentum, type Transform } from '../../../src/transforms/index.js';

/** A clock that goes on by what is done: three a gradient, two a value, five a transform. */
function clocked() {
  let time = 0;
  const { start, value, gradient } = rosenbrock(2);
  const problem = {
    value: (x: Float64Array) => {
      time += 2;
      return value(x);
    },
    gradient: (x: Float64Array) => {
      time += 3;
      return gradient!(x);
    },
  };
  const slow = (part: Transform): Transform => ({
    ...part,
    update: (context, state) => {
      time += 5;
      return part.update(context, state);
    },
  });
  return { start, problem, slow, now: () => time };
}

function measured(method: Method | Solver, iterations: number, clock: ReturnType<typeof clocked>) {
  const steps = new MeasuredSteps(clock.now);
  const problem = steps.problem(clock.problem);
  const timed = steps.method(method);
  let begun = clock.now();
  let isStart = true;
  const solver = steps.solver('start' in timed ? timed : asSolver(timed as Method));
  const result = minimize(problem, clock.start, solver, {
    maxIterations: iterations,
    gradientTolerance: 0,
    onStep: () => {
      if (isStart) steps.begin();
      else steps.take(clock.now() - begun);
      isStart = false;
      begun = clock.now();
    },
  });
  const names = 'parts' in method ? ['gradient', ...method.parts.map(({ name }) => name)] : [method.name];
  return { result, steps: steps.measured(names)! };
}

describe('what steps on a function cost and hold', () => {
  test('is told of the function and of each transform, and changes no bit of the run', () => {
    const clock = clocked();
    const parts = [momentum(0.9), learningRate(1e-4)].map(clock.slow);
    const method: Method = { ...chain(...parts), name: 'slow', options: {} };
    const { result, steps } = measured(method, 1000, clock);
    const plain = clocked();
    const bare = minimize(plain.problem, plain.start, asSolver(method), {
      maxIterations: 1000,
      gradientTolerance: 0,
    });
    expect(result.x).toEqual(bare.x);
    expect(steps.source).toBeUndefined();
    const figures = steps.operators.map(({ name, frames, milliseconds, arrays, bytes, age }) => [
      ...[name, frames, milliseconds / frames, arrays, bytes, age],
    ]);
    expect(figures).toEqual([
      ['gradient', 1000, 5, 0, 0, undefined], // a value and a gradient
      ['momentum', 1000, 5, 1, 16, 0],
      ['learningRate', 1000, 5, 0, 0, undefined],
    ]);
  });

  test('is told of a solver as one, beside the function', () => {
    const clock = clocked();
    const { steps } = measured(bfgs(), 20, clock);
    const [{ name, milliseconds, bytes }] = steps.operators;
    expect([name, milliseconds]).toEqual(['bfgs', 0]); // of this clock its own work takes nothing
    expect(steps.source!.milliseconds).toBeGreaterThanOrEqual(5 * 20);
    expect(bytes).toBeGreaterThanOrEqual(8 * 2 * 2); // the inverse Hessian
  });

  test('leaves a method of several states its ages', () => {
    const { steps } = measured(adam({ learningRate: 0.01 }), 50, clocked());
    expect(steps.operators.map(({ arrays, age }) => [arrays, age])).toEqual([
      [0, undefined],
      [2, 0],
      [0, undefined],
    ]);
  });
});
