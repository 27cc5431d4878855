import {
  absoluteNewton,
  asSolver,
  bfgs,
  broyden,
  dampedNewton,
  descend,
  dfp,
  diagonalNewton,
  dogleg,
  exact,
  fixedStep,
  gaussNewton,
  guardedNewton,
  type LeastSquaresSolver,
  type LineSearch,
  lbfgs,
  levenbergMarquardt,
  levenbergMarquardtNewton,
  lineSearchNewton,
  methodsIn,
  modifiedNewton,
  newton,
  nonlinearConjugateGradient,
  pseudoinverseNewton,
  type Solver,
  secant,
  sr1,
  steihaug,
  trustRegion,
  univariateNewton,
} from '../../../src/index.js';
import { claimsAsTheyCome, secondOrderClaims, strangersClaims, universalOfSolvers } from './claims.js';
import type { LeastSquaresSubject, SolverChoices, SolverSubject } from './subject.js';
import { leastSquaresTrace, solverTrace } from './trace.js';

/** The step that minimizes a quadratic along the line: where the straight line through two slopes vanishes. */
const exactSearch: LineSearch = {
  name: 'exact',
  options: {},
  search(line) {
    const { slope0 } = line;
    if (slope0 === 0) return 'precision';
    line.tryStep(1);
    return line.tryStep(slope0 / (slope0 - line.slope)) ? 'found' : 'nonFinite';
  },
};

const search = ({ step = 1 }: SolverChoices): LineSearch =>
  step === 'exact' ? exactSearch : fixedStep(step);

/** Gradient descent as a direction for any search. */
const steepestDescent = (choices: SolverChoices): Solver =>
  descend(
    {
      name: 'steepestDescent',
      options: {},
      start: () => ({
        propose(at, into) {
          for (let i = 0; i < into.length; i++) into[i] = -at.gradient[i];
          return undefined;
        },
      }),
    },
    search(choices),
  );

const solvers: Readonly<Record<string, (choices: SolverChoices) => Solver>> = {
  steepestDescent,
  newton: ({ step = 1 }) =>
    step === 'exact' ? lineSearchNewton({ search: exactSearch }) : asSolver(newton({ learningRate: step })),
  lineSearchNewton: (choices) => lineSearchNewton({ search: search(choices) }),
  dampedNewton: (choices) => dampedNewton({ search: search(choices), damping: choices.damping ?? 0 }),
  absoluteNewton: (choices) => absoluteNewton({ search: search(choices) }),
  pseudoinverseNewton: (choices) => pseudoinverseNewton({ search: search(choices) }),
  modifiedNewton: (choices) => modifiedNewton({ search: search(choices) }),
  diagonalNewton: (choices) => diagonalNewton({ search: search(choices) }),
  univariateNewton: () => univariateNewton(),
  secant: ({ offset }) => secant({ offset }),
  guardedNewton: () => guardedNewton(),
  trustRegion: (choices) => trustRegion({ subproblem: exact(), ...region(choices) }),
  doglegRegion: (choices) => trustRegion({ subproblem: dogleg(), ...region(choices) }),
  steihaugRegion: (choices) => trustRegion({ subproblem: steihaug(), ...region(choices) }),
  sr1: (choices) => sr1(region(choices)),
  levenbergMarquardtNewton: ({ damping, scaling }) =>
    levenbergMarquardtNewton({ damping, scaling: scaling === 'identity' ? scaling : 'diagonal' }),
  flooredMarquardt: ({ damping }) => levenbergMarquardtNewton({ damping, scaling: 'diagonal' }),
  bfgs: (choices) => bfgs({ search: search(choices), scaled: false }),
  dfp: (choices) => dfp({ search: search(choices), scaled: false }),
  lbfgs: (choices) => lbfgs({ search: search(choices), scaled: false, memory: 20 }),
  broyden: (choices) => broyden({ search: search(choices) }),
  polakRibiere: (choices) => nonlinearConjugateGradient({ search: search(choices), formula: 'polakRibiere' }),
  hagerZhangConjugate: (choices) =>
    nonlinearConjugateGradient({ search: search(choices), formula: 'hagerZhang' }),
};

const residualSolvers: Readonly<Record<string, (choices: SolverChoices) => LeastSquaresSolver>> = {
  levenbergMarquardt: ({ damping, scaling = 'diagonal' }) =>
    levenbergMarquardt({ damping, scaling, acceleration: false }),
  acceleratedResiduals: ({ damping, scaling = 'diagonal' }) =>
    levenbergMarquardt({ damping, scaling, acceleration: true }),
  marquardtOfAnyScale: ({ damping, scaling }) =>
    levenbergMarquardt({ damping, scaling, acceleration: false }),
  gaussNewton: ({ step = 1 }) => gaussNewton({ stepLength: step === 'exact' ? 1 : step }),
  shortestGaussNewton: () => gaussNewton({ stepLength: 1 }),
};

/** Those whose steps have a length or a damping in the units of x and f, whatever the function. */
const withUnits = ['dampedNewton', 'lbfgsAsPublished'];

/** Those whose steps do not depend on the unit of a single variable. */
const ofAnyUnits = ['levenbergMarquardt'];

const ofOneVariable = ['univariateNewton', 'secant', 'guardedNewton'];

/** Our solvers as subjects: under the choices that laws make, and as they come. */
export const ourSolvers: readonly SolverSubject[] = [
  ...Object.entries(solvers).map(([method, create]) => solverSubject(method, create)),
  ...[...methodsIn('minimize').values()].map(({ name, create }) => ({
    ...solverSubject(name, () => create(), [
      ...strangersClaims('minimize', name),
      'U8',
      'U9',
      ...(claimsAsTheyCome[name] ?? []),
      ...(withUnits.includes(name) ? ['74'] : ['73', '74']),
    ]),
    ...(ofOneVariable.includes(name) && { variables: 1 as const }),
    name: `${name}()`,
  })),
];

export const ourLeastSquares: readonly LeastSquaresSubject[] = [
  ...Object.entries(residualSolvers).map(([method, create]) => leastSquaresSubject(method, create)),
  ...[...methodsIn('leastSquares').values()].map(({ name, create }) => ({
    ...leastSquaresSubject(name, () => create(), [
      ...universalOfSolvers.leastSquares,
      'U8b',
      ...(name === 'gaussNewton' ? ['A3'] : []), // of the other, without acceleration
      '73b',
      '74b',
      ...(ofAnyUnits.includes(name) ? ['73d'] : []),
    ]),
    name: `${name}()`,
  })),
];

/** A solver of least squares as a subject of the laws. */
export function leastSquaresSubject(
  method: string,
  create: (choices: SolverChoices) => LeastSquaresSolver,
  claims = secondOrderClaims[method] ?? [],
): LeastSquaresSubject {
  return {
    kind: 'leastSquares',
    name: method,
    method,
    epsilon: 2 ** -52,
    claims,
    trace: (problem, start, steps, choices) => leastSquaresTrace(create(choices), problem, start, steps),
    scope: (body) => body(),
  };
}

/**
 * A solver as a subject of the laws.
 *
 * @example check(solverSubject('newton', () => asSolver(newton())), { laws: ['16b'] })
 */
export function solverSubject(
  method: string,
  create: (choices: SolverChoices) => Solver,
  claims = secondOrderClaims[method] ?? [],
): SolverSubject {
  return {
    kind: 'solver',
    name: `${method} (solver)`,
    method,
    epsilon: 2 ** -52,
    claims,
    trace: (problem, start, steps, choices) =>
      solverTrace(create(choices), problem, start, steps, choices.evaluations),
    scope: (body) => body(),
  };
}

function region({ radius }: SolverChoices): { initialRadius?: number; maxRadius?: number } {
  return radius === undefined ? {} : { initialRadius: radius, maxRadius: Math.max(1000, radius) };
}
