import {
  backtracking,
  bfgs,
  dogleg,
  exact,
  fixedStep,
  hagerZhang,
  type LeastSquaresSolver,
  lbfgs,
  leastSquares,
  type Minimization,
  methodsIn,
  minimize,
  nonlinearConjugateGradient,
  type Solver,
  steihaug,
  strongWolfe,
  trustRegion,
} from '../../src/index.js';
import * as oracles from '../oracles/index.js';
import type { PlainSolver } from '../subjects/foreign/plain-solver.js';
import { subjectOfExport } from '../subjects/foreign/subject-of-export.js';
import type { SolverChoices, SolverSubject, Subject } from '../subjects/subject.js';

/** Right solvers as modules of a stranger's: ours, as they come and with other parts, and the naive ones. */
export function strangerSolvers(): Promise<readonly Subject[]> {
  const all = [...asTheyCome(), ...withOtherSearches(), ...withOtherParts(), ...naive(), ...fits()];
  return Promise.all(all.map((solver) => subjectOfExport(solver, solver.name)));
}

/** One of our solvers as a stranger's module. */
function ofOurs(name: string, claims: string, create: () => Solver, options: object = {}): PlainSolver {
  return {
    name,
    claims,
    options: options as Record<string, unknown>,
    minimize: (problem, start, { iterations, onStep }) =>
      minimize(problem, start, create(), {
        gradientTolerance: 0,
        maxIterations: iterations,
        onStep({ x, iteration }) {
          if (iteration > 0) onStep(x);
        },
      }),
  };
}

function fitOfOurs(name: string, claims: string, options: object = {}): PlainSolver {
  const create = methodsIn('leastSquares').get(claims)!.create as (options: object) => LeastSquaresSolver;
  return {
    name,
    claims,
    options: options as Record<string, unknown>,
    leastSquares: (problem, start, { iterations, onStep }) =>
      leastSquares(problem, start, create(options), {
        gradientTolerance: 0,
        maxIterations: iterations,
        onStep({ x, iteration }) {
          if (iteration > 0) onStep(x);
        },
      }),
  };
}

const asTheyCome = () =>
  [...methodsIn('minimize').values()].map(({ name, create }) =>
    ofOurs(`${name} as it comes`, name, () => create()),
  );

function withOtherSearches(): PlainSolver[] {
  const searches = [backtracking(), strongWolfe(), hagerZhang(), fixedStep(0.25)];
  const methods = [
    'bfgs',
    'lbfgs',
    'dfp',
    'nonlinearConjugateGradient',
    'newtonConjugateGradient',
    'broyden',
    'absoluteNewton',
  ];
  return searches.flatMap((search) =>
    methods.map((name) => {
      const { create } = methodsIn('minimize').get(name)!;
      return ofOurs(`${name} with ${search.name}`, name, () => create({ search }));
    }),
  );
}

const withOtherParts = (): PlainSolver[] => [
  ofOurs('bfgs that begins with I', 'bfgs', () => bfgs({ scaled: false }), { scaled: false }),
  ofOurs('lbfgs of one pair', 'lbfgs', () => lbfgs({ memory: 1 }), { memory: 1 }),
  ofOurs(
    'conjugate gradients of Hager and Zhang',
    'nonlinearConjugateGradient',
    () => nonlinearConjugateGradient({ formula: 'hagerZhang' }),
    { formula: 'hagerZhang' },
  ),
  ofOurs('a region of another radius', 'trustRegion', () => trustRegion({ initialRadius: 0.1 })),
  ...[exact(), exact(1e-6), dogleg(), steihaug()].map((subproblem, i) =>
    ofOurs(`a region, ${subproblem.name} ${i}`, 'trustRegion', () => trustRegion({ subproblem }), {
      subproblem,
    }),
  ),
];

function naive(): PlainSolver[] {
  const solvers = Object.values(oracles).filter(
    (oracle): oracle is SolverSubject => typeof oracle === 'object' && oracle.kind === 'solver',
  );
  const options = {
    dampedNewton: { damping: 0.5 },
    levenbergMarquardtNewton: { scaling: 'diagonal' },
    bfgs: { scaled: false },
    dfp: { scaled: false },
  };
  return solvers
    .filter(({ method }) => methodsIn('minimize').has(method))
    .map(({ name, method, trace }): PlainSolver => {
      const step = method === 'secant' ? 1 : 0.25;
      const choices: SolverChoices = { step, damping: 0.5, radius: 0.5, scaling: 'diagonal' };
      return {
        name,
        claims: method,
        options: options[method as keyof typeof options],
        minimize: (problem: Minimization, start, { iterations, onStep }) =>
          trace(problem, start, iterations, choices).points.slice(1).forEach(onStep),
      };
    });
}

const fits = (): PlainSolver[] => [
  ...(['start', 'identity', 'diagonal', 'largest'] as const).map((scaling) =>
    fitOfOurs(`Levenberg–Marquardt, ${scaling}`, 'levenbergMarquardt', { scaling, acceleration: false }),
  ),
  fitOfOurs('Gauss–Newton', 'gaussNewton'),
  fitOfOurs('damped Gauss–Newton', 'gaussNewton', { damping: 0.5 }),
];
