/**
 * The path of every solver, method and pipeline, bit for bit what it was before the rooms were moved (commit
 * b186ec4): a hash over all iterates, values, measures and outcomes. It stands until the trunk is reshaped.
 *
 * Recorded anew since: what is measured in the units of its start (BFGS, L-BFGS, DFP, Broyden, SR1, conjugate
 * gradients; Newton-CG, whose forcing term was √‖g‖; the secant method's offset), and what looks once more before it
 * ends by rounding (all searches and regions: their last evaluations; least squares, which rests on undamped steps).
 *
 * `FLUXION_RECORD=1 npx vitest run spec/tests/paths` records anew.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, type OperatorFunction, pipe, tap } from 'rxjs';
import { expect, test } from 'vitest';
import {
  asSolver,
  backtracking,
  bfgs,
  dogleg,
  exact,
  fixedStep,
  float64,
  functions,
  hagerZhang,
  lbfgs,
  leastSquares,
  leaves,
  lineSearchNewton,
  minimize,
  moreGarbowHillstrom,
  nonlinearConjugateGradient,
  quadratic,
  quartic,
  type Solver,
  steihaug,
  strongWolfe,
  throughResiduals,
  trustRegion,
} from '../../../src/index.js';
import { methodsIn } from '../../../src/methods/catalogue.js';
import type { Problem } from '../../../src/objective/problem.js';
import { classification, mlp, tensors, useBackend } from '../../../src/tensors/index.js';
import * as transforms from '../../../src/transforms/index.js';
import { batches, type Frame, gradient, lift, lifted, train } from '../../../streams/index.js';
import { hostFit, points } from '../streams/line-fit.js';

const file = new URL('./recorded.json', import.meta.url);
const recording = process.env.FLUXION_RECORD === '1';
const recorded: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const made: Record<string, string> = {};

class Trace {
  readonly #hash = createHash('sha256');
  add(...values: (ArrayLike<number> | string)[]): void {
    for (const value of values) {
      this.#hash.update(typeof value === 'string' ? value : new Uint8Array(Float64Array.from(value).buffer));
    }
  }
  digest = () => this.#hash.digest('hex').slice(0, 16);
}

function same(name: string, trace: Trace): void {
  made[name] = trace.digest();
  if (!recording && name in recorded) expect.soft(made[name], name).toBe(recorded[name]);
}

/** What a method was called when its paths were recorded. */
const thenNamed: Record<string, string> = { levenbergMarquardtNewton: 'levenbergMarquardt' };

/** What transforms measure is recorded with the pipelines; as solvers they measured nothing then. */
const measured = (measures: object, ofTransforms = false) =>
  ofTransforms ? [] : Object.entries(measures).flatMap(([name, value]) => [name, [value as number]]);

const univariate = {
  name: 'univariate',
  start: [2.5],
  value: ([x]: Float64Array) => x ** 4 / 4 - 2 * x + Math.sin(x),
  gradient: ([x]: Float64Array) => Float64Array.of(x ** 3 - 2 + Math.cos(x)),
  hessian: ([x]: Float64Array) => Float64Array.of(3 * x ** 2 - Math.sin(x)),
};
const named = ['rosenbrock', 'beale', 'himmelblau', 'powellBadlyScaled', 'saddle', 'trid', 'watson'];
const targets = [
  univariate,
  quartic(),
  quadratic(),
  ...named.map((name) => functions.get(name)!.create()),
  functions.get('rosenbrock')!.create({ n: 40 }),
];
const { gradient: _, hessian: __, ...valueOnly } = functions.get('rosenbrock')!.create();

/** `uncounted` is what 0.1.0 did not count: a run's own first value and gradient, through residuals. */
function path(
  solver: Solver,
  target: (typeof targets)[number],
  { uncounted = 0, ofTransforms = false } = {},
): Trace {
  const trace = new Trace();
  try {
    const result = minimize(target, target.start, solver, {
      maxIterations: 60,
      onStep: ({ x, value, gradient: g, measures }) =>
        trace.add(x, [value], g, ...measured(measures, ofTransforms)),
    });
    const { value, gradient: g, ...rest } = result.evaluations;
    const counts = [value - uncounted, g - uncounted, ...Object.values(rest)];
    trace.add(result.x, [result.iterations], counts, result.outcome.kind);
  } catch (error) {
    trace.add(String((error as Error).name));
  }
  return trace;
}

test('solvers', () => {
  for (const [name, entry] of methodsIn('minimize')) {
    for (const target of [...targets, { ...valueOnly, name: 'differences' } as (typeof targets)[number]]) {
      same(
        `${thenNamed[name] ?? name} on ${target.name} ${target.start.length}`,
        path(entry.create(), target),
      );
    }
  }
});

test('searches, subproblems and guards', () => {
  const searches = {
    backtracking: backtracking(),
    hagerZhang: hagerZhang(),
    fixed: fixedStep(0.01),
    wolfe: strongWolfe({ c2: 0.3 }),
  };
  const solvers: Record<string, Solver> = {};
  for (const [name, search] of Object.entries(searches)) {
    solvers[`bfgs, ${name}`] = bfgs({ search, guard: 'damp' });
    solvers[`lbfgs, ${name}`] = lbfgs({ search, memory: 3, scaled: false });
    solvers[`nonlinearConjugateGradient, ${name}`] = nonlinearConjugateGradient({ search });
    solvers[`newton, ${name}`] = lineSearchNewton({ search });
  }
  for (const [name, subproblem] of Object.entries({
    exact: exact(),
    dogleg: dogleg(),
    steihaug: steihaug(),
  })) {
    solvers[`trustRegion, ${name}`] = trustRegion({ subproblem });
  }
  for (const [name, solver] of Object.entries(solvers)) {
    for (const target of targets.slice(1))
      same(`${name} on ${target.name} ${target.start.length}`, path(solver, target));
  }
});

test('methods on functions', () => {
  for (const [name, entry] of methodsIn('train')) {
    if (entry.create().needs?.includes('layers')) continue; // a function has none
    for (const target of targets.slice(1, 5)) {
      same(`${name} on ${target.name}`, path(asSolver(entry.create()), target, { ofTransforms: true }));
    }
  }
});

test('least squares', () => {
  for (const [name, entry] of methodsIn('leastSquares')) {
    for (const problem of moreGarbowHillstrom()) {
      const trace = new Trace();
      const result = leastSquares(problem, problem.start, entry.create(), {
        maxIterations: 60,
        onStep: ({ x, residuals, value, gradient: g, measures }) =>
          trace.add(x, residuals, [value], g, ...measured(measures)),
      });
      trace.add(result.x, [result.iterations], Object.values(result.evaluations), result.outcome.kind);
      same(`${name}, residuals of ${problem.name} ${problem.start.length}`, trace);
      same(
        `${name} through residuals of ${problem.name} ${problem.start.length}`,
        path(throughResiduals(entry.create(), problem), problem, { uncounted: 1 }),
      );
    }
  }
});

async function trained<T, B>(
  problem: Problem<T, B>,
  source: Parameters<typeof train<T, B>>[1],
  pipeline: OperatorFunction<Frame<T>, Frame<T>>,
): Promise<Trace> {
  const trace = new Trace();
  const { algebra } = problem;
  const frames = train(problem, source, pipeline, { seed: 3, steps: 25 }).pipe(
    tap((frame) => {
      trace.add([frame.lossValue, frame.gradientNorm, frame.updateNorm]);
      for (const leaf of leaves(algebra, frame.nextParameters)) trace.add(algebra.values(leaf));
      if (frame.outcome !== undefined) trace.add(frame.outcome.kind);
    }),
  );
  await lastValueFrom(frames);
  return trace;
}

const pipelines: Record<string, () => OperatorFunction<Frame<unknown>, Frame<unknown>>> = {
  'clip, nesterov': () =>
    pipe(
      gradient(),
      lift(transforms.clipByNorm(0.5)),
      lift(transforms.nesterov(0.9)),
      lift(transforms.learningRate(0.05)),
    ),
  'masked decay, momentum, trust ratio': () =>
    pipe(
      gradient(),
      lift(transforms.masked(transforms.weightDecay(0.01), /w|kernel/)),
      lift(transforms.momentum(0.9)),
      lift(transforms.trustRatio()),
      lift(transforms.learningRate(0.01)),
    ),
  'chain, average': () =>
    pipe(
      gradient(),
      lift(
        transforms.chain(
          transforms.clipByValue(0.2),
          transforms.scaleByMoments(),
          transforms.learningRate(0.02),
        ),
      ),
      lift(transforms.weightAverage({ beta: 0.9 })),
    ),
};

test('pipelines in float64', async () => {
  const source = () => batches(points(float64), { size: 5, seed: 2 });
  for (const [name, entry] of methodsIn('train')) {
    if ((entry.create().needs ?? []).length > 0) continue; // these problems tell no curvature
    same(`${name} in float64`, await trained(hostFit, source(), pipe(gradient(), lifted(entry.create()))));
  }
  for (const [name, make] of Object.entries(pipelines)) {
    same(`${name} in float64`, await trained(hostFit, source(), make() as never));
  }
});

test('pipelines on tensors', async () => {
  await useBackend('cpu');
  const problem = classification(mlp([4, 8, 3], { activation: 'relu' }));
  const examples = {
    name: 'waves',
    size: 32,
    batch: (positions: Int32Array) => ({
      inputs: tf.tensor2d(
        Array.from(positions, (i) => [0.3, 0.7, 1.1, 1.9].map((w) => ((i * w * 37) % 11) / 11 - 0.5)),
      ),
      labels: tf.tensor1d(
        Array.from(positions, (i) => i % 3),
        'int32',
      ),
    }),
    release: ({ inputs, labels }: { inputs: tf.Tensor; labels: tf.Tensor }) => tf.dispose([inputs, labels]),
  };
  const source = () => batches(examples, { size: 8, seed: 2 });
  for (const [name, entry] of methodsIn('train')) {
    if ((entry.create().needs ?? []).length > 0) continue; // these problems tell no curvature
    same(`${name} on tensors`, await trained(problem, source(), pipe(gradient(), lifted(entry.create()))));
  }
  for (const [name, make] of Object.entries(pipelines)) {
    same(`${name} on tensors`, await trained(problem, source(), make() as never));
  }
  expect(tensors.name).toBe('tensors');
});

test('every path was recorded, and every recorded path was made', () => {
  if (recording) writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`);
  else expect(Object.keys(recorded).filter((name) => !(name in made))).toEqual([]);
});
