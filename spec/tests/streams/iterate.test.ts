import { lastValueFrom, map, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  adam,
  asSolver,
  bfgs,
  lbfgs,
  type MinimizeStep,
  minimize,
  newton,
  ObjectiveError,
  rosenbrock,
  trustRegion,
} from '../../../src/index.js';
import { Control, iterate } from '../../../streams/index.js';

const f = rosenbrock(3);
const kept = ({ iteration, x, value, gradient, measures, evaluations }: MinimizeStep) => ({
  iteration,
  x: x.slice(),
  value,
  gradient: gradient.slice(),
  measures: { ...measures },
  evaluations: { ...evaluations },
});

describe('iterate', () => {
  it.each([bfgs(), lbfgs(), asSolver(newton()), trustRegion(), asSolver(adam({ learningRate: 0.1 }))])(
    'gives the run of minimize, bit for bit ($name)',
    async (solver) => {
      const steps: unknown[] = [];
      const options = { maxIterations: 60 };
      const result = minimize(f, f.start, solver, {
        ...options,
        onStep: (step) => void steps.push(kept(step)),
      });
      const frames = await lastValueFrom(
        iterate(f, f.start, solver, { ...options, sliceMilliseconds: 0.01 }).pipe(
          map((frame) => ({ ...kept(frame), outcome: frame.outcome, milliseconds: frame.milliseconds })),
          toArray(),
        ),
      );
      expect(frames.slice(0, steps.length).map(({ outcome, milliseconds, ...frame }) => frame)).toEqual(
        steps,
      );
      expect(frames.at(-1)?.outcome).toEqual(result.outcome);
      expect(frames.slice(0, -1).every(({ outcome }) => outcome === undefined)).toBe(true);
      expect(frames.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
    },
  );

  it('pauses, steps and stops by its control', async () => {
    const control = new Control();
    const seen: number[] = [];
    const ended = lastValueFrom(
      iterate(f, f.start, bfgs(), { control }).pipe(
        map((frame) => {
          seen.push(frame.iteration);
          if (frame.iteration === 3) control.pause();
          return frame.outcome;
        }),
      ),
    );
    const turns = () => new Promise((resolve) => setTimeout(resolve, 20));
    await turns();
    expect(seen).toEqual([0, 1, 2, 3]);
    control.step();
    await turns();
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    control.stop();
    expect(await ended).toEqual({ kind: 'stopped', message: 'stopped by its control' });
  });

  it("has the function's error as its own", async () => {
    const value = (x: Float64Array) => {
      if (x[0] !== f.start[0]) throw new Error('no value here');
      return f.value(x);
    };
    const run = lastValueFrom(iterate({ ...f, value }, f.start, bfgs()));
    await expect(run).rejects.toThrow(ObjectiveError);
  });
});
