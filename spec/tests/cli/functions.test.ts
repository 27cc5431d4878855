import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, map, pipe, toArray } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { race } from '../../../dashboard/cli/race/race.js';
import type { MethodResult, PointVisited, RunEvent } from '../../../dashboard/record/events.js';
import { readLog } from '../../../dashboard/record/log/index.js';
import {
  bfgs,
  booth,
  fromFunction,
  gaussNewton,
  gradientDescent,
  minimize,
  rosenbrock,
  type SavedArray,
  strongWolfe,
  throughResiduals,
  trustRegion,
} from '../../../src/index.js';
import { gradient, iterate, lifted, snapshot, train, withoutBatches } from '../../../streams/index.js';

const folder = mkdtempSync(join(tmpdir(), 'fluxion-functions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let races = 0;

interface Raced {
  readonly results: readonly MethodResult[];
  readonly events: readonly RunEvent[];
}

/** A race without the command line around it. */
async function raced(problem: string, methods?: string, steps?: number): Promise<Raced> {
  const directory = join(folder, `race-${races++}`);
  const run = race(problem, methods === undefined ? undefined : [methods], {
    directory,
    ...(steps !== undefined && { steps }),
  });
  const ended = await lastValueFrom(run);
  if (ended.kind !== 'result') throw new Error(`${problem} ended with ${ended.kind}`);
  return { results: ended.methods, events: [...readLog(directory)].map(({ event }) => event) };
}

const distance = (x: readonly number[], y: readonly number[]) =>
  Math.max(...x.map((xi, i) => Math.abs(xi - y[i])));
const pointsOf = ({ events }: Raced, method = 0) =>
  events.filter((event): event is PointVisited => event.kind === 'point' && event.method === method);

describe('the published quartic', () => {
  const data = JSON.parse(readFileSync(join(import.meta.dirname, '../../data/quartic.json'), 'utf8'));

  it('is raced in 15 steps whose paths are the published ones', async () => {
    const { results } = await raced('quartic');
    expect(results.map(({ name }) => name)).toEqual([
      'gradientDescent',
      'newton',
      'dampedNewton',
      'absoluteNewton',
      'bfgs',
      'lbfgs',
      'lbfgsAsPublished',
      'diagonalNewton',
      'diagonalNewtonAsPublished',
    ]);
    const compared = results.filter(({ name }) => name in data.trajectories);
    expect(compared).toHaveLength(Object.keys(data.trajectories).length);
    for (const { name, path, x } of compared) {
      expect(path, name).toHaveLength(16);
      for (const [k, point] of path!.entries()) {
        expect(distance(point, data.trajectories[name][k])).toBeLessThan(1e-10);
      }
      expect(x).toEqual(path?.at(-1));
    }
  });

  it('shows over 60 steps that the published L-BFGS stalls and the repaired one is BFGS', async () => {
    const { results } = await raced('quartic', undefined, 60);
    for (const { path } of results) expect(path).toHaveLength(61);
    const of = (name: string) => results.find((result) => result.name === name)!;
    for (const [k, point] of of('lbfgs').path!.entries()) {
      expect(distance(point, of('bfgs').path![k])).toBeLessThan(1e-10);
    }
    expect(of('bfgs').value! - data.minimumValue).toBeLessThan(1e-8);
    const stalled = of('lbfgsAsPublished').value! - data.minimumValue;
    expect(stalled).toBeGreaterThan(0.089);
    expect(stalled).toBeLessThan(0.091);
  });
});

describe('a race on a function', () => {
  it('takes the steps of minimize, of iterate and, for a method, of train', async () => {
    const methods =
      'gradientDescent(learningRate=1e-3),bfgs(search=strongWolfe(c2=0.5)),trustRegion(subproblem=dogleg)';
    const race = await raced('rosenbrock', methods, 25);
    const f = rosenbrock(2);
    const descent = gradientDescent({ learningRate: 1e-3 });
    const trained = await lastValueFrom(
      train(fromFunction(f), withoutBatches(), pipe(gradient(), lifted(descent)), { steps: 25 }).pipe(
        snapshot(),
        toArray(),
      ),
    );
    const byTrain = trained.map(({ parameters }) => Array.from((parameters as SavedArray).data));
    expect(race.results[0].path?.slice(1)).toEqual(byTrain);
    const solver = bfgs({ search: strongWolfe({ c2: 0.5 }) });
    const options = { gradientTolerance: 1e-10, maxIterations: 25 };
    const result = minimize(f, f.start, solver, options);
    expect(race.results[1].path?.at(-1)).toEqual(Array.from(result.x));
    expect(race.results[1].evaluations).toEqual(result.evaluations);
    const frames = await lastValueFrom(
      iterate(f, f.start, solver, options).pipe(
        map(({ x }) => Array.from(x)),
        toArray(),
      ),
    );
    expect(race.results[1].path).toEqual(frames);
  });

  it('ends early where a method converges: Newton on Booth in one step', async () => {
    const { results } = await raced('booth', 'newton');
    const [{ steps, path, outcome, evaluations }] = results;
    expect([steps, outcome.kind]).toEqual([1, 'converged']);
    // (9, 8) → (1, 3) by one solve with κ = 9
    expect(distance(path![1], [1, 3])).toBeLessThan(9 * 9 * 8 * Number.EPSILON);
    expect(evaluations).toEqual({ value: 2, gradient: 2, hessian: 1, hessianVectorProduct: 0 });
  });

  it('solves sums of squares through their residuals', async () => {
    const { results } = await raced('booth', 'gaussNewton,levenbergMarquardt');
    for (const { x, evaluations } of results) {
      expect(distance(x!, [1, 3])).toBeLessThan(1e-9);
      expect(evaluations?.hessian).toBe(0);
    }
  });

  it('refuses residuals that belong to another function', () => {
    const half = { ...booth(), value: (x: Float64Array) => booth().value(x) / 2 };
    expect(() => minimize(half, half.start, throughResiduals(gaussNewton(), half))).toThrow(
      'throughResiduals(problem): expected value(x) to be the sum of the squared residuals, 765, got 382.5',
    );
  });

  it('goes on with differences where derivatives are missing, and says so', async () => {
    const file = join(folder, 'valley.mjs');
    writeFileSync(
      file,
      "export default { name: 'valley', start: [3, 4], value: ([x, y]) => (x - 1) ** 2 + 10 * y ** 4 + y ** 2 };\n",
    );
    const { results } = await raced(file, 'newton,bfgs,trustRegion,levenbergMarquardtNewton', 60);
    for (const { x, derivatives, evaluations } of results) {
      expect(Math.max(Math.abs(x![0] - 1), Math.abs(x![1]))).toBeLessThan(1e-5);
      expect(derivatives).toEqual({ gradient: 'differences', hessian: 'differences' });
      expect(evaluations).toMatchObject({ gradient: 0, hessian: 0 });
    }
  });

  it('records the landscape, and how each step of two variables came about', async () => {
    const race = await raced('rosenbrock', 'trustRegion,bfgs,newton,momentum', 30);
    const landscapes = race.events.filter(({ kind }) => kind === 'landscape');
    expect(landscapes.length).toBeGreaterThan(0);
    expect(landscapes[0]).toMatchObject({ minima: [{ x: [1, 1], value: 0 }] });
    const f = rosenbrock(2);
    const region = pointsOf(race, 0);
    expect(region[0]).not.toHaveProperty('trials');
    region.slice(1).forEach(({ radius, model, trials, x }, k) => {
      expect(radius).toBeGreaterThan(0);
      const before = Float64Array.from(region[k].x);
      expect(model).toEqual({
        gradient: Array.from(f.gradient(before)),
        hessian: Array.from(f.hessian(before)),
      });
      expect(trials?.filter(({ accepted }) => accepted)).toEqual([{ x, accepted: true }]);
      expect(trials?.at(-1)?.accepted).toBe(true);
    });
    expect(region.some(({ trials }) => (trials?.length ?? 0) > 1)).toBe(true); // a trial was rejected
    expect(pointsOf(race, 1)[1].model?.hessian).toEqual([128, 0, 0, 128]); // B₀, for |g| near 2⁷ and x near 1
    expect(pointsOf(race, 2)[1].model?.hessian).toEqual(Array.from(f.hessian(Float64Array.from(f.start))));
    expect(pointsOf(race, 3)[1]).not.toHaveProperty('model');
    const [, second] = region;
    expect(second.evaluations).toMatchObject({ hessian: 1 });
  });

  it('takes the same steps observed and unobserved', async () => {
    const f = booth();
    const seen: Float64Array[] = [];
    const watched = minimize(f, f.start, trustRegion(), {
      observer: { trial: (x) => void seen.push(x.slice()) },
    });
    const alone = minimize(f, f.start, trustRegion());
    expect(watched).toEqual(alone);
    expect(seen.length).toBe(watched.evaluations.value - 1);
  });
});
