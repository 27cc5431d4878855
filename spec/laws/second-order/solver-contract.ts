import fc from 'fast-check';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { residualProblems } from '../../arbitraries/residual-problems.js';
import { inner } from '../../oracles/dense/matrices.js';
import { largest, norm } from '../../subjects/point.js';
import type { Trace } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { backward, bitwise, type Deviation } from '../tolerance.js';

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

const truthful = {
  name: 'what a run tells is true',
  tolerance: 'R',
  source,
} as const;

export const truthfulRun = law({
  id: 'U8',
  ...truthful,
  statement:
    'The value and the gradient told with each point are f and ∇f there, and the norm told is max |gᵢ|.',
  kind: 'solver',
  sample: (subject) => fc.tuple(functionsOf(subject), power, power),
  measure(subject, [{ problem, start, n }, j, k]) {
    const scaled = {
      value: (x: Float64Array) => problem.value(times(x, 2 ** -j)) * 2 ** k,
      gradient: (x: Float64Array) => times(problem.gradient!(times(x, 2 ** -j)), 2 ** (k - j)),
      hessian: (x: Float64Array) => times(problem.hessian!(times(x, 2 ** -j)), 2 ** (k - 2 * j)),
    };
    return toldTruly(subject, subject.trace(scaled, times(start, 2 ** j), 4, {}), n, scaled);
  },
});

export const truthfulFit = law({
  id: 'U8b',
  ...truthful,
  statement: 'The value and the gradient told with each point are ½‖r‖² and Jᵀr there.',
  kind: 'leastSquares',
  sample: () => residualProblems(),
  measure(subject, problem) {
    const { residuals, jacobian, n, m } = problem;
    return toldTruly(subject, subject.trace(problem, problem.start, 4, {}), m * n, {
      value: (x) => inner(residuals(x), residuals(x)) / 2,
      gradient(x) {
        const [r, j] = [residuals(x), jacobian(x)];
        return Float64Array.from({ length: n }, (_, k) =>
          r.reduce((sum, ri, i) => sum + ri * j[i * n + k], 0),
        );
      },
      size: (x) => norm(residuals(x)) * norm(jacobian(x)),
    });
  },
});

export const keptBudget = law({
  id: 'U9',
  name: 'budgets are kept',
  statement:
    'A run ends, by its budget or as diverged where f grew, after the first iteration by which it made as many iterations, or evaluations of f, as it may make at most; up to there it goes where it goes without a budget, bit for bit.',
  tolerance: 'B',
  source,
  kind: 'solver',
  sample: (subject) => fc.tuple(functionsOf(subject), fc.integer({ min: 1, max: 4 })),
  measure(subject, [{ problem, start }, at]) {
    const run = (steps: number, evaluations?: number) =>
      subject.trace(problem, start, steps, { evaluations });
    const whole = run(8);
    const { points, told = [] } = whole;
    // What is asked for after the last iteration counts too, so that the last point tells nothing.
    fc.pre(at < points.length - 1);
    const counts = told.map(({ evaluations = 0 }) => evaluations);
    const spent = counts[at];
    const grew = ({ outcome, points: [first, ...rest] }: Trace) =>
      outcome === 'diverged' &&
      rest.length > 0 &&
      problem.value(rest[rest.length - 1]) > problem.value(first);
    const within = (what: string, got: Trace, last: number) => [
      bitwise(`iterations ${what}`, got.points.length - 1, last),
      bitwise(`'budget', not '${got.outcome}'`, Number(got.outcome === 'budget' || grew(got)), 1),
      ...got.points.map((x, k) => bitwise(`x_${k} ${what}`, x, points[k] ?? [])),
    ];
    const more = counts.findIndex((count) => count > spent);
    return [
      ...within(`of at most ${at}`, run(at), at),
      ...within(`of at most ${spent} evaluations`, run(8, spent), counts.indexOf(spent)),
      ...(more < points.length - 1
        ? within(`of at most ${spent + 1} evaluations`, run(8, spent + 1), more)
        : []),
    ];
  },
});

export const contractLaws = [
  repeatable,
  repeatableFit,
  readsOnly,
  readsOnlyFit,
  truthfulRun,
  truthfulFit,
  keptBudget,
];

const power = fc.integer({ min: -40, max: 40 });

const times = (x: ArrayLike<number>, factor: number) => Float64Array.from(x, (xi) => xi * factor);

function toldTruly(
  { epsilon }: { readonly epsilon: number },
  { points, told = [] }: Trace,
  n: number,
  f: {
    value(x: Float64Array): number;
    gradient(x: Float64Array): Float64Array;
    size?(x: Float64Array): number;
  },
): Deviation[] {
  return told.flatMap(({ value, gradient, gradientNorm }, k) => {
    const [expected, slope] = [f.value(points[k]), f.gradient(points[k])];
    const off = norm(gradient.map((g, i) => g - slope[i]));
    return [
      bitwise(`max |gᵢ| at x_${k}`, gradientNorm, largest(gradient)),
      backward(`f(x_${k})`, Math.abs(value - expected), Math.abs(expected), n, epsilon),
      backward(`∇f(x_${k})`, off, f.size?.(points[k]) ?? norm(slope), n, epsilon),
    ];
  });
}

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
