import { identity, plus, times, transposed } from '../../oracles/dense/matrices.js';
import { bfgsOfInverse } from '../../oracles/dense/updates.js';
import { marquardtOracle, naiveGaussNewton } from '../../oracles/second-order/marquardt.js';
import { naiveSolver } from '../../oracles/second-order/naive-solver.js';
import { negative } from '../../oracles/second-order/solvers.js';
import type { LeastSquaresSubject } from '../../subjects/second-order/subject.js';
import type { Mutant } from '../mutant.js';
import { directed, mutantOf } from './second-order-mutant.js';

/** Mistakes of whole solvers, whatever the search, and in how they treat what they are given. */
export const agreementMutants: readonly Mutant[] = [
  forgetful(),
  directed(
    {
      id: 'gradient-reused',
      mistake: 'The direction is made in the array that the function answered as its gradient.',
      killedBy: 'U7',
    },
    'steepestDescent',
    ({ g }) => {
      for (let i = 0; i < g.length; i++) g[i] *= -0.25;
      return g;
    },
  ),
  mutantOf(
    {
      id: 'damping-outlives-run',
      mistake: 'The damping of one run is where the next begins.',
      killedBy: 'U6b',
    },
    (named): LeastSquaresSubject => {
      let damping = 0.1;
      return {
        ...marquardtOracle,
        ...named,
        trace(problem, start, steps) {
          const trace = marquardtOracle.trace(problem, start, steps, { damping });
          damping *= 2;
          return trace;
        },
      };
    },
  ),
  mutantOf(
    { id: 'start-moved', mistake: 'The run moves the start that it was given.', killedBy: 'U7b' },
    (named): LeastSquaresSubject => ({
      ...marquardtOracle,
      ...named,
      trace(problem, start, steps, choices) {
        const trace = marquardtOracle.trace(problem, start, steps, choices);
        (start as Float64Array).set(trace.points[trace.points.length - 1]);
        return trace;
      },
    }),
  ),
  mutantOf(
    {
      id: 'bfgs-gradient-before',
      mistake: 'y is the change of the gradient one step late.',
      killedBy: 'A2',
    },
    (named) => ({
      ...naiveSolver(
        'bfgs',
        ({ n, pairs, g }) => {
          const late = pairs.slice(1).map(({ s }, k) => ({ s, y: pairs[k].y }));
          return negative(times(late.reduce(bfgsOfInverse, identity(n)), g));
        },
        { ...named, length: () => 0.25 },
      ),
      fixed: { scaled: false },
    }),
  ),
  mutantOf(
    {
      id: 'gauss-newton-gradient',
      mistake: 'The step is −Jᵀr, a gradient’s, where (JᵀJ)⁻¹ stands before it.',
      killedBy: 'A3',
    },
    (named) => naiveGaussNewton((j, r) => negative(times(transposed(j, r.length), r)), named),
  ),
];

function forgetful(): Mutant {
  let last: Float64Array | undefined;
  return directed(
    {
      id: 'pairs-outlive-run',
      mistake: 'The last step of a run is still remembered in the next, as momentum.',
      killedBy: 'U6',
    },
    'steepestDescent',
    ({ g, n }) => {
      const p = negative(g.map((gi) => gi / 4));
      const made = last?.length === n ? plus(p, last, 0.5) : p;
      last = p;
      return made;
    },
  );
}
