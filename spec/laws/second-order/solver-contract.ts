import fc from 'fast-check';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { residualProblems } from '../../arbitraries/residual-problems.js';
import type { Trace } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { bitwise, type Deviation } from '../tolerance.js';

const source = 'the contract of every solver';
const again = {
  name: 'a run is a run',
  statement: 'The same run, with another between, goes through the same points, bit for bit.',
  tolerance: 'B',
  source,
} as const;
const untouched = {
  name: 'a solver writes into nothing it is given',
  statement: 'The start and every array that the function answered are afterwards as they were.',
  tolerance: 'B',
  source,
} as const;

export const repeatable = law({
  id: 'U6',
  ...again,
  kind: 'solver',
  sample: (subject) => fc.tuple(functionsOf(subject), functionsOf(subject)),
  measure: (subject, samples) =>
    repeated(...samples, ({ problem, start }) => subject.trace(problem, start, 4, {})),
});

export const repeatableFit = law({
  id: 'U6b',
  ...again,
  kind: 'leastSquares',
  sample: () => fc.tuple(residualProblems(), residualProblems()),
  measure: (subject, samples) =>
    repeated(...samples, (problem) => subject.trace(problem, problem.start, 4, {})),
});

export const readsOnly = law({
  id: 'U7',
  ...untouched,
  kind: 'solver',
  sample: functionsOf,
  measure(subject, { problem, start }) {
    const lent = new Lent();
    const { value, gradient, hessian } = problem;
    const told = { value, gradient: lent.from(gradient!), hessian: lent.from(hessian!) };
    subject.trace(told, lent.note('the start', Float64Array.from(start)), 4, {});
    return lent.deviations();
  },
});

export const readsOnlyFit = law({
  id: 'U7b',
  ...untouched,
  kind: 'leastSquares',
  sample: () => residualProblems(),
  measure(subject, { residuals, jacobian, start }) {
    const lent = new Lent();
    const told = { residuals: lent.from(residuals), jacobian: lent.from(jacobian) };
    subject.trace(told, lent.note('the start', Float64Array.from(start)), 4, {});
    return lent.deviations();
  },
});

export const contractLaws = [repeatable, repeatableFit, readsOnly, readsOnlyFit];

function functionsOf({ variables }: { readonly variables?: 1 }) {
  return bentQuadratics().filter(({ n }) => n <= (variables ?? n));
}

function repeated<S>(one: S, other: S, run: (sample: S) => Trace): Deviation[] {
  const first = run(one).points;
  run(other);
  const second = run(one).points;
  return [
    bitwise('points', second.length, first.length),
    ...first.slice(0, second.length).map((x, k) => bitwise(`x_${k} the second time`, second[k], x)),
  ];
}

/** Arrays that were handed out, and what was in them. */
class Lent {
  readonly #arrays: { readonly what: string; readonly lent: Float64Array; readonly was: Float64Array }[] = [];

  note(what: string, lent: Float64Array): Float64Array {
    this.#arrays.push({ what, lent, was: lent.slice() });
    return lent;
  }

  from(answer: (x: Float64Array) => Float64Array): (x: Float64Array) => Float64Array {
    return (x) => this.note('an answer of the function', answer(x).slice());
  }

  deviations(): Deviation[] {
    return this.#arrays.map(({ what, lent, was }) => bitwise(what, lent, was));
  }
}
