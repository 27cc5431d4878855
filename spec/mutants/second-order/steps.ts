import type { Minimization } from '../../../src/index.js';
import { inner, plus } from '../../oracles/dense/matrices.js';
import { type Known, naiveSolver, stepLength } from '../../oracles/second-order/naive-solver.js';
import { negative, previousPoint, slopeAt } from '../../oracles/second-order/solvers.js';
import type { Mutant } from '../mutant.js';
import { directed, mutantOf } from './second-order-mutant.js';

const curvatureAt = ({ problem }: Known, x: Float64Array) => problem.hessian!(x)[0];

export const stepMutants: readonly Mutant[] = [
  directed(
    {
      id: 'exact-step-halved',
      mistake: 'The exact step gᵀg/gᵀHg is halved, as if f were gᵀx + xᵀHx.',
      killedBy: '3',
    },
    'steepestDescent',
    ({ g }) => negative(g),
    (known, p) => stepLength(known, p) / 2,
  ),
  mutantOf(
    {
      id: 'stationary-start',
      mistake: 'The step length gᵀg/gᵀHg is computed at a stationary start too: 0/0.',
      killedBy: '3',
    },
    (named) => ({
      ...naiveSolver('steepestDescent', ({ g }) => negative(g), named),
      trace(problem: Minimization, start: ArrayLike<number>, steps: number) {
        const points: Float64Array[] = [Float64Array.from(start)];
        for (let k = 0; k < steps; k++) {
          const g = problem.gradient!(points[k]);
          const hg = plus(problem.gradient!(plus(points[k], g)), g, -1);
          points.push(plus(points[k], g, -inner(g, g) / inner(g, hg)));
        }
        return { points, trials: [] };
      },
    }),
  ),
  directed(
    {
      id: 'polak-no-search',
      mistake: 'The step along the line is 1 whatever the search found.',
      killedBy: '3b',
    },
    'polakRibiere',
    ({ g }) => negative(g),
    () => 1,
  ),
  directed(
    { id: 'root-late-curvature', mistake: 'f″ is taken at the point before.', killedBy: '13' },
    'univariateNewton',
    (known) => known.g.map((slope) => -slope / curvatureAt(known, Float64Array.of(previousPoint(known)))),
  ),
  directed(
    { id: 'secant-swapped', mistake: 'The step is added to the older of the two points.', killedBy: '14' },
    'secant',
    (known) => {
      const [x] = known.x;
      const before = previousPoint(known);
      const slope = known.g[0];
      return Float64Array.of(before - x - (slope * (x - before)) / (slope - slopeAt(known, before)));
    },
  ),
  directed(
    { id: 'chord', mistake: 'f″ is evaluated once, at the start.', killedBy: '15' },
    'univariateNewton',
    (known) => {
      const start = known.pairs.reduce((x, { s }) => x - s[0], known.x[0]);
      return known.g.map((slope) => -slope / curvatureAt(known, Float64Array.of(start)));
    },
  ),
  directed(
    {
      id: 'secant-first-point-kept',
      mistake: 'The older point is never moved: false position without its bracket.',
      killedBy: '15b',
    },
    'secant',
    (known) => {
      const [x] = known.x;
      const { offset = 0.01 } = known.choices;
      const first = known.pairs.reduce((at, { s }) => at - s[0], x) + offset;
      const slope = known.g[0];
      return Float64Array.of((-slope * (x - first)) / (slope - slopeAt(known, first)));
    },
  ),
];
