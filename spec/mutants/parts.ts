import { times } from '../oracles/dense/matrices.js';
import { ourLinearSolvers, ourOperators } from '../subjects/linear.js';
import { ourSchedule } from '../subjects/ours.js';
import type { LinearSolverSubject, OperatorSubject, ScheduleSubject } from '../subjects/subject.js';
import type { Mutant } from './mutant.js';

type Described = Pick<Mutant, 'id' | 'mistake' | 'killedBy'>;

const named = ({ id, killedBy }: Described) => ({ name: `mutant ${id}`, claims: [killedBy] });

function schedule(described: Described, create: ScheduleSubject['create']): Mutant {
  return { ...described, subject: { ...ourSchedule, ...named(described), create } };
}

function operator(described: Described, changed: Partial<OperatorSubject>): Mutant {
  return { ...described, subject: { ...ourOperators[0], ...named(described), ...changed } };
}

type Rates = { from: number; factor: number };

/** Mistakes of schedules, operators and linear solvers. */
export const partMutants: readonly Mutant[] = [
  schedule(
    {
      id: 'schedule-counts-calls',
      mistake: 'The rate falls with every call, whatever the count.',
      killedBy: '58b',
    },
    (options) => {
      const { from, factor } = options as Rates;
      let rate = from / factor;
      return () => (rate *= factor);
    },
  ),
  schedule(
    {
      id: 'schedule-starts-at-one',
      mistake: 'The count begins with 1: the first rate has fallen already.',
      killedBy: '58c',
    },
    (options) => {
      const { from, factor } = options as Rates;
      return (count) => from * factor ** (count + 1);
    },
  ),
  operator(
    {
      id: 'product-normalized',
      mistake: 'The vector is normalized before the product, and not undone.',
      killedBy: 'C1',
    },
    {
      apply(v) {
        const length = Math.hypot(...v) || 1;
        return ourOperators[0].apply(v.map((vi) => vi / length));
      },
    },
  ),
  operator(
    { id: 'tag-without-symmetry', mistake: 'A matrix that is not symmetric bears the tag.', killedBy: 'C2' },
    { apply: (v) => times(Float64Array.of(2, 1, 0, 0, 2, 0, 0, 0, 1), v) },
  ),
  operator(
    { id: 'diagonal-of-row-sums', mistake: 'The diagonal is the row sums.', killedBy: 'C3' },
    { diagonal: () => ourOperators[0].apply(Float64Array.of(1, 1, 1)) },
  ),
  linearSolver(),
];

function linearSolver(): Mutant {
  const described = {
    id: 'conjugate-gradients-steepest',
    mistake: 'Conjugate gradients forget their direction: n steps of steepest descent.',
    killedBy: 'C4',
  };
  const subject: LinearSolverSubject = {
    ...ourLinearSolvers[0],
    ...named(described),
    solve({ multiply, n }, b) {
      let x = b.map(() => 0);
      for (let k = 0; k < n; k++) {
        const product = multiply(x);
        const r = b.map((bi, i) => bi - product[i]);
        const square = r.reduce((total, ri) => total + ri * ri, 0);
        if (square === 0) break;
        const curvature = multiply(r).reduce((total, ci, i) => total + ci * r[i], 0);
        x = x.map((xi, i) => xi + (square / curvature) * r[i]);
      }
      return x;
    },
  };
  return { ...described, subject };
}
