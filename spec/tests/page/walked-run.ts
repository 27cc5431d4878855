import { LiveLandscape } from '../../../dashboard/plot/index.js';
import type { MethodDescription, RunEvent, RunStarted, Trial } from '../../../dashboard/record/events.js';
import {
  asSolver,
  bfgs,
  gradientDescent,
  minimize,
  newton,
  rosenbrock,
  type Solver,
  trustRegion,
} from '../../../src/index.js';
import type { RecordedRun } from './recorded-run.js';

const solvers: readonly (readonly [string, Solver])[] = [
  ['gradientDescent', asSolver(gradientDescent({ learningRate: 0.001 }))],
  ['newton', asSolver(newton())],
  ['bfgs', bfgs()],
  ['trustRegion', trustRegion()],
];

/** Four methods on Rosenbrock's function, with the models and trial points of those that have such. */
export function rosenbrockRun(): RecordedRun {
  const problem = rosenbrock(2);
  const operators: MethodDescription['operators'] = [];
  const started: RunStarted = {
    kind: 'run',
    run: '2026-01-15T10-20-30-rosenbrock',
    problem: 'rosenbrock',
    created: '2026-01-15T10:20:30.000Z',
    seed: 1,
    steps: 60,
    gradientTolerance: 0,
    methods: solvers.map(([name]) => ({ name, label: name, options: {}, operators })),
  };
  const events: RunEvent[] = [started];
  const landscape = new LiveLandscape((x, y) => problem.value(Float64Array.of(x, y)), [problem.minimum!]);
  solvers.forEach(([, solver], method) => {
    let tried: number[][] = [];
    const models: { x: number[]; hessian: number[] }[] = [];
    let before: { x: number[]; gradient: number[] } | undefined;
    const { iterations, outcome } = minimize(problem, problem.start, solver, {
      maxIterations: started.steps,
      observer: {
        trial: (x) => tried.push(Array.from(x)),
        model: (x, hessian) => models.push({ x: Array.from(x), hessian: Array.from(hessian) }),
      },
      onStep({ iteration, x, value, gradient, gradientNorm, measures }) {
        const point = Array.from(x);
        const sampled = landscape.visit(method, point, value);
        if (sampled) events.push(sampled);
        const same = (other: readonly number[]) => other.every((entry, i) => entry === point[i]);
        const trials: Trial[] = tried.map((trial) => ({ x: trial, accepted: same(trial) }));
        const radius = measures.radius as number | undefined;
        const hessian = models.findLast(({ x }) => x.join() === before?.x.join())?.hessian;
        const model = before && hessian && { gradient: before.gradient, hessian };
        events.push({
          kind: 'point',
          method,
          step: iteration,
          x: point,
          value,
          ...(iteration > 0 && { trials, ...(model && { model }), ...(radius && { radius }) }),
        });
        events.push({
          kind: 'step',
          method,
          step: iteration,
          seconds: iteration * 1e-4,
          loss: value,
          gradientNorm,
          updateNorm: 0.1 * gradientNorm,
          milliseconds: 0.01,
        });
        tried = [];
        before = { x: point, gradient: Array.from(gradient) };
      },
    });
    events.push({ kind: 'outcome', method, step: iterations, seconds: 0.01, outcome });
  });
  return { started, events };
}
