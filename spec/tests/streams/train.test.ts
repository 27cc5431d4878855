import { delay, lastValueFrom, map, pipe, tap, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { adam, float64, fromFunction, rosenbrock } from '../../../src/index.js';
import { chain, learningRate, momentum } from '../../../src/transforms/index.js';
import * as s from '../../../streams/index.js';
import { flat, plainLoop } from './plain-loop.js';

const problem = fromFunction(rosenbrock(4));

describe('train', () => {
  it('equals a plain loop over the chain bitwise', async () => {
    const expected = plainLoop(problem, () => undefined, chain(momentum(0.9), learningRate(1e-4)), 50);
    const before = float64.live();
    const path = await lastValueFrom(
      s
        .train(problem, s.withoutBatches(), pipe(s.gradient(), s.momentum(0.9), s.learningRate(1e-4)), {
          steps: 50,
        })
        .pipe(
          map((frame) => ({ x: flat(frame.nextParameters), loss: frame.lossValue, outcome: frame.outcome })),
          toArray(),
        ),
    );
    expect(path.map(({ x }) => x)).toEqual(expected.parameters.slice(1));
    expect(path.map(({ loss }) => loss)).toEqual(expected.losses);
    expect(path.map(({ outcome }) => outcome?.kind)).toEqual([...Array(49).fill(undefined), 'budget']);
    expect(float64.live()).toBe(before);
  });

  it('takes asynchronous operators between its own', async () => {
    const expected = plainLoop(problem, () => undefined, adam(), 5);
    const last = await lastValueFrom(
      s
        .train(problem, s.withoutBatches(), pipe(s.gradient(), delay(1), s.lifted(adam())), { steps: 5 })
        .pipe(map((frame) => flat(frame.nextParameters))),
    );
    expect(last).toEqual(expected.parameters[5]);
  });

  it('completes a million steps', async () => {
    let steps = 0;
    const before = float64.live();
    await lastValueFrom(
      s
        .train(problem, s.withoutBatches(), pipe(s.gradient(), s.learningRate(1e-4)), { steps: 1e6 })
        .pipe(tap(() => steps++)),
    );
    expect(steps).toBe(1e6);
    expect(float64.live()).toBe(before);
  });
});
