import { bfgs } from '../../../src/index.js';
import { naiveLook } from '../../oracles/second-order/last-look.js';
import { marquardtOracle } from '../../oracles/second-order/marquardt.js';
import { steepestOracle } from '../../oracles/second-order/solvers.js';
import { solverSubject } from '../../subjects/second-order/our-solvers.js';
import type { LeastSquaresSubject, SolverSubject, Trace } from '../../subjects/second-order/subject.js';
import { solverTrace } from '../../subjects/second-order/trace.js';
import type { Mutant } from '../mutant.js';
import { mutantOf } from './second-order-mutant.js';

/** A trace that tells twice the value, and a gradient of the point before. */
const untrue = (trace: Trace, value: (x: Float64Array) => number): Trace => ({
  ...trace,
  told: trace.points.map((x) => ({
    value: 2 * value(x),
    gradient: new Float64Array(x.length),
    gradientNorm: 0,
  })),
});

export const endMutants: readonly Mutant[] = [
  mutantOf(
    {
      id: 'last-look-never-taken',
      mistake: 'A run ends without the look that it says it takes.',
      killedBy: '74c',
    },
    (named) => naiveLook({ lengths: 0 }, named),
  ),
  mutantOf(
    {
      id: 'last-look-at-one-length',
      mistake: 'The last look tries one step, as long as x, and none that is shorter.',
      killedBy: '74c',
    },
    (named) => naiveLook({ lengths: 1 }, named),
  ),
  mutantOf(
    {
      id: 'contradiction-taken-for-noise',
      mistake: 'Where no step descends because the Jacobian is wrong the last look speaks of rounding.',
      killedBy: '74c',
    },
    (named) => naiveLook({ compares: false }, named),
  ),
  mutantOf(
    {
      id: 'value-told-in-other-units',
      mistake: 'The value is told in the units that a run chose for itself.',
      killedBy: 'U8',
    },
    (named): SolverSubject => ({
      ...steepestOracle,
      ...named,
      trace: (problem, start, steps, choices) =>
        untrue(steepestOracle.trace(problem, start, steps, choices), problem.value),
    }),
  ),
  mutantOf(
    {
      id: 'budget-overdrawn',
      mistake: 'A run goes one iteration beyond the evaluations that it was allowed.',
      killedBy: 'U9',
    },
    (named): SolverSubject => ({
      ...solverSubject('bfgs', () => bfgs()),
      ...named,
      trace: (problem, start, steps, { evaluations = steps * 100 }) =>
        solverTrace(bfgs(), problem, start, steps, evaluations + 1),
    }),
  ),
  mutantOf(
    {
      id: 'sum-for-half-sum',
      mistake: 'The value that is told is ‖r‖², and what is minimized ½‖r‖².',
      killedBy: 'U8b',
    },
    (named): LeastSquaresSubject => ({
      ...marquardtOracle,
      ...named,
      trace: (problem, start, steps, choices) =>
        untrue(marquardtOracle.trace(problem, start, steps, choices), (x) =>
          problem.residuals(x).reduce((sum, r) => sum + (r * r) / 2, 0),
        ),
    }),
  ),
];
