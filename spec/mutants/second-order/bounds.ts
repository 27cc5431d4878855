import { lbfgsb, levenbergMarquardt, minimize } from '../../../src/index.js';
import { inner, plus } from '../../oracles/dense/matrices.js';
import {
  naiveBounded,
  nearest,
  projectedGradientOracle,
} from '../../oracles/second-order/projected-gradient.js';
import { solveFor } from '../../oracles/second-order/solvers.js';
import { boundedFit, minimizationTrace } from '../../subjects/second-order/our-bounded.js';
import type { Mutant } from '../mutant.js';
import { mutantOf } from './second-order-mutant.js';

const bounded = (
  described: Omit<Mutant, 'subject'>,
  ...[step, start]: Parameters<typeof naiveBounded> extends [unknown, ...infer Rest] ? Rest : never
): Mutant => mutantOf(described, (named) => naiveBounded(named, step, start));

const steepness = (h: Float64Array) => Math.sqrt(inner(h, h)) || 1;

/** Mistakes of methods in a box. */
export const boundMutants: readonly Mutant[] = [
  bounded(
    {
      id: 'clipped-afterwards',
      mistake:
        'A trial is evaluated where the step leads, and only the accepted point is moved into the box.',
      killedBy: '98',
    },
    (x, problem, sides, note) => {
      const trial = problem.gradient(x).map((g, i) => x[i] - g / steepness(problem.hessian(x)));
      note(trial);
      return nearest(trial, sides);
    },
  ),
  bounded(
    {
      id: 'gradient-as-long-as-x',
      mistake: 'The first step in a box is P(x − g) − x, whatever the units of f.',
      killedBy: '99d',
    },
    (x, problem, sides) =>
      nearest(
        problem.gradient(x).map((g, i) => x[i] - g),
        sides,
      ),
  ),
  mutantOf(
    {
      id: 'differences-outside',
      mistake: 'Central differences step over the bound on which x stands.',
      seen: 'optimizers that difference without knowing the bounds',
      killedBy: '98',
    },
    (named) => ({
      ...projectedGradientOracle,
      ...named,
      run(problem, start, bounds, steps) {
        const trace = minimizationTrace(lbfgsb(), problem, start, bounds, steps, 'given');
        const h = 2 ** -17;
        const shifted = trace.points.flatMap((x) =>
          [h, -h].flatMap((by) => [...x.keys()].map((k) => x.map((xi, i) => (i === k ? xi + by : xi)))),
        );
        return { ...trace, evaluated: [...trace.evaluated, ...shifted] };
      },
    }),
  ),
  bounded(
    {
      id: 'newton-clipped',
      mistake: 'x⁺ = P(x − H⁻¹g): the step of all variables is clipped, no matter which bounds hold.',
      seen: 'teaching material',
      killedBy: '99',
    },
    (x, problem, sides) => nearest(plus(x, solveFor(problem.hessian(x), problem.gradient(x))), sides),
  ),
  bounded(
    {
      id: 'held-for-ever',
      mistake: 'A variable that stands at a bound is never let go, though −g leads inside.',
      killedBy: '99',
    },
    (x, problem, sides) => {
      let at = x;
      for (let k = 0; k < 100; k++) {
        const size = steepness(problem.hessian(at));
        const free = (i: number) => at[i] > sides.lower[i] && at[i] < sides.upper[i];
        at = nearest(
          problem.gradient(at).map((g, i) => (free(i) ? at[i] - g / size : at[i])),
          sides,
        );
      }
      return at;
    },
  ),
  mutantOf(
    {
      id: 'bounds-by-tangent',
      mistake: 'Bounds are held by a change of variables, x = m + w·tanh z, which bends every path.',
      seen: 'advice in forums',
      killedBy: '100',
    },
    (named) => ({
      ...projectedGradientOracle,
      ...named,
      run(problem, start, bounds, steps) {
        if (bounds === undefined) return minimizationTrace(lbfgsb(), problem, start, bounds, steps, 'given');
        const [lower, upper] = [bounds.lower, bounds.upper] as ArrayLike<number>[];
        const middle = Float64Array.from(lower, (l, i) => (l + upper[i]) / 2);
        const width = Float64Array.from(lower, (l, i) => (upper[i] - l) / 2);
        const there = (z: Float64Array) => z.map((zi, i) => middle[i] + width[i] * Math.tanh(zi));
        const points: Float64Array[] = [];
        minimize(
          {
            value: (z) => problem.value(there(z)),
            gradient: (z) =>
              problem.gradient(there(z)).map((g, i) => g * width[i] * (1 - Math.tanh(z[i]) ** 2)),
          },
          Float64Array.from(start, (xi, i) => Math.atanh((xi - middle[i]) / width[i])),
          lbfgsb(),
          { maxIterations: steps, gradientTolerance: 0, onStep: ({ x }) => points.push(there(x)) },
        );
        return { points, trials: [], evaluated: points };
      },
    }),
  ),
  mutantOf(
    {
      id: 'steepest-in-raw-units',
      mistake: 'Which bounds hold is seen along −g, in whatever units the variables have.',
      seen: 'this library’s Levenberg–Marquardt method in a box, before',
      killedBy: '73e',
    },
    (named) => ({ ...boundedFit(() => levenbergMarquardt({ scaling: 'identity' })), ...named }),
  ),
  bounded(
    {
      id: 'inside-by-an-absolute-margin',
      mistake: 'The start is moved 10⁻⁸ away from every bound, whatever the units of x.',
      seen: 'interior methods',
      killedBy: '73c',
    },
    (x) => x,
    (x, { lower, upper }) => x.map((xi, i) => Math.min(upper[i] - 1e-8, Math.max(lower[i] + 1e-8, xi))),
  ),
];
