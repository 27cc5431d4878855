import { inner, leastSquaresSolution, plus, times } from '../../oracles/dense/matrices.js';
import { naiveDampedHessian } from '../../oracles/second-order/damped-hessian.js';
import { fletcherRule, naiveDamping } from '../../oracles/second-order/damped-trace.js';
import {
  marquardtOracle,
  naiveGaussNewton,
  naiveMarquardt,
  normalEquations,
} from '../../oracles/second-order/marquardt.js';
import type { LeastSquaresSubject } from '../../subjects/second-order/subject.js';
import type { Mutant } from '../mutant.js';
import { mutantOf } from './second-order-mutant.js';

const ones = (_: Float64Array, n: number) => new Float64Array(n).fill(1);

export const dampedMutants: readonly Mutant[] = [
  mutantOf(
    {
      id: 'first-damping-without-scale',
      mistake:
        'The damping to begin with is taken as it is given, and is not relative to the squares of the columns.',
      killedBy: '22c',
    },
    (named) => naiveMarquardt({ initial: (relative) => relative }, named),
  ),
  mutantOf(
    {
      id: 'floor-of-one',
      mistake: 'Where the Hessian has an entry 0 on its diagonal D is 1 there, whatever the unit of f.',
      killedBy: '22d',
    },
    (named) => naiveDampedHessian({}, named),
  ),
  mutantOf(
    {
      id: 'deficient-by-one-column',
      mistake:
        'Where J has not full rank the step is the solution that moves one of the variables alone, not the shortest.',
      killedBy: '23c',
    },
    (named) =>
      naiveGaussNewton((j, r, n) => {
        const m = r.length;
        const rest = Float64Array.from(
          { length: m * (n - 1) },
          (_, at) => j[Math.floor(at / (n - 1)) * n + (at % (n - 1))],
        );
        const p = leastSquaresSolution(
          rest,
          r.map((ri) => -ri),
          n - 1,
        );
        return Float64Array.from([...p, 0]);
      }, named),
  ),
  mutantOf(
    {
      id: 'bend-not-followed',
      mistake: 'A step that is announced as accelerated is p, whatever bend was measured.',
      killedBy: '23d',
    },
    (named): LeastSquaresSubject => ({
      ...naiveMarquardt({}, named),
      trace(problem, start, steps, choices) {
        const { points, trials } = marquardtOracle.trace(problem, start, steps, choices);
        const probed = trials.map((tried, k) =>
          tried.flatMap((trial) => [
            { ...trial, x: plus(points[k], plus(trial.x, points[k], -1), 1 / 32) },
            trial,
          ]),
        );
        return { points, trials: probed };
      },
    }),
  ),
  mutantOf(
    {
      id: 'no-rollback',
      mistake: 'A rejected step is not taken back: the next trial starts where it ended.',
      killedBy: '22',
    },
    (named) => naiveMarquardt({ afterRejection: (_, tried) => tried }, named),
  ),
  mutantOf(
    { id: 'rejected-not-damped', mistake: 'After a rejected step δ stays as it was.', killedBy: '22' },
    (named) => naiveMarquardt({ next: (delta, rho) => (rho > 0 ? fletcherRule(delta, rho) : delta) }, named),
  ),
  mutantOf(
    {
      id: 'no-rollback-of-functions',
      mistake: 'A step at which the function rises is discarded, and the parameters are not restored.',
      killedBy: '22b',
    },
    (named) => naiveDampedHessian({ afterRejection: (_, tried) => tried }, named),
  ),
  mutantOf(
    {
      id: 'normal-equations',
      mistake: '(JᵀJ + δD²)p = −Jᵀr is solved as it stands: κ is squared.',
      killedBy: '23',
    },
    (named) => naiveMarquardt({ step: normalEquations }, named),
  ),
  mutantOf(
    { id: 'damping-squared', mistake: 'The rows below J hold δD, not √δD.', killedBy: '23' },
    (named) =>
      naiveMarquardt(
        {
          step: (j, r, d) =>
            normalEquations(
              j,
              r,
              d.map((di) => di * di),
            ),
        },
        named,
      ),
  ),
  mutantOf(
    {
      id: 'minus-one-over-jacobian',
      mistake: 'For one unknown Gauss–Newton is reduced to −1/J.',
      seen: 'teaching material',
      killedBy: '23b',
    },
    (named) =>
      naiveGaussNewton(
        (j, r, n) => (n === 1 ? Float64Array.of(-1 / j[0]) : normalEquations(j, r, new Float64Array(n))),
        named,
      ),
  ),
  mutantOf(
    {
      id: 'identity-for-diagonal',
      mistake: 'Marquardt’s scaling is announced, and δI is added.',
      killedBy: '24',
    },
    (named) => naiveDampedHessian({ scale: ones }, named),
  ),
  mutantOf(
    {
      id: 'identity-for-columns',
      mistake: 'δ is added to JᵀJ, not δ·diag JᵀJ.',
      killedBy: '24b',
    },
    (named) => naiveMarquardt({ scale: ones }, named),
  ),
  mutantOf(
    { id: 'absolute-damping', mistake: 'The damping has an absolute floor of 1e-3.', killedBy: '25' },
    (named) => naiveMarquardt({ initial: (relative, scale) => Math.max(1e-3, relative * scale) }, named),
  ),
  mutantOf(
    {
      id: 'damping-raised-when-good',
      mistake: 'The damping is raised although ρ ≥ ¾: the branches are exchanged.',
      seen: 'an optimizer library',
      killedBy: '26',
    },
    (named) =>
      naiveDamping(
        (delta, rho) => (rho <= 0 ? 4 * delta : rho > 0.75 ? 1.5 * delta : rho < 0.25 ? delta / 1.5 : delta),
        named,
      ),
  ),
  mutantOf(
    {
      id: 'better-damped-more',
      mistake: 'A step that does better than predicted, ρ > 1, is punished like a bad one.',
      killedBy: '26',
    },
    (named) =>
      naiveDamping(
        (delta, rho) => (Math.abs(rho - 1) < 0.3 ? delta / 3 : rho > 0 ? delta : 4 * delta),
        named,
      ),
  ),
  mutantOf(
    {
      id: 'predicted-without-half',
      mistake: 'The predicted decrease is −rᵀJp − ‖Jp‖², without the half.',
      killedBy: '26b',
    },
    (named) =>
      naiveMarquardt(
        { predicted: (j, r, p) => -inner(r, times(j, p)) - inner(times(j, p), times(j, p)) },
        named,
      ),
  ),
  mutantOf(
    {
      id: 'gain-ratio-of-norms',
      mistake: 'The gain ratio compares ‖r‖², and predicts ½‖r‖².',
      killedBy: '26b',
    },
    (named) =>
      naiveMarquardt(
        {
          predicted: (j, r, p) => {
            const linear = plus(r, times(j, p));
            return (inner(r, r) - inner(linear, linear)) / 4;
          },
        },
        named,
      ),
  ),
];
