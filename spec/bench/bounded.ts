import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  lbfgsb,
  leastSquares,
  levenbergMarquardt,
  minimize,
  projectedNewton,
  type Solver,
  type SumOfSquares,
} from '../../src/index.js';
import type { Bounded } from './bounded/bounded-problem.js';
import {
  boundedProblems,
  counted,
  type End,
  fitLimits,
  isSolved,
  type Reached,
  type Recorded,
  reachedBy,
  recordFile,
} from './bounded/contest.js';
import { boundedSums } from './bounded/sums.js';
import { answering, pythonWithScipy } from './peers/scipy.js';

interface Answer {
  readonly x: number[] | null;
  readonly calls: { readonly value: number; readonly gradient: number };
  readonly message: string;
}

const limits = { gradientTolerance: 1e-8, maxIterations: 10_000 };
/** SciPy's L-BFGS-B is told the same: ‖g‖∞ ≤ 10⁻⁸ of the free variables ends a run, and nothing sooner. */
const scipyOptions = {
  lbfgsb: { gtol: 1e-8, ftol: 0, maxiter: 10_000, maxfun: 100_000 },
  // Its own defaults, which ours are told too: to the last digit it takes thousands.
  trf: { ftol: 1e-8, xtol: 1e-8, gtol: 1e-8, max_nfev: 10_000 },
};

/** How many residuals a problem is made of; 0 where it is no sum of squares. */
function residualsOf(of: (typeof boundedProblems)[number]): number {
  return boundedSums.find(({ name }) => name === of.name)?.residuals(Float64Array.from(of.start)).length ?? 0;
}

async function scipyRuns(python: string): Promise<Recorded> {
  const open = (side: readonly number[]) => side.map((bound) => (Number.isFinite(bound) ? bound : null));
  const answers = await answering<{ version: string; lbfgsb: Answer[]; trf: (Answer | null)[] }>(
    python,
    fileURLToPath(new URL('peers/scipy_bounded.py', import.meta.url)),
    {
      starts: boundedProblems.map(({ start }) => Array.from(start)),
      lower: boundedProblems.map(({ bounds }) => open(bounds.lower)),
      upper: boundedProblems.map(({ bounds }) => open(bounds.upper)),
      counts: boundedProblems.map((of) => residualsOf(of)),
      ...scipyOptions,
    },
    boundedProblems,
    boundedProblems.map(({ start }) => start),
  );
  const shown = (of: (typeof boundedProblems)[number], answer: Answer | null) =>
    answer?.x ? { value: of.value(Float64Array.from(answer.x)), evaluations: answer.calls.value } : null;
  return {
    about:
      `SciPy ${answers.version} on the bounded problems of spec/bench/bounded, exact derivatives: where minimize with ` +
      `L-BFGS-B (${JSON.stringify(scipyOptions.lbfgsb)}) and least_squares with trf (${JSON.stringify(scipyOptions.trf)}) ` +
      'end and how often they ask for the value or the residuals; made by FLUXION_RECORD=1 npm run bench -- bounded.',
    problems: boundedProblems.map((of, i) => ({
      name: of.name,
      lbfgsb: shown(of, answers.lbfgsb[i]),
      trf: shown(of, answers.trf[i]),
    })),
  };
}

/** Levenberg–Marquardt under the tolerances of trf. */
function fitted(of: Bounded<SumOfSquares>): End {
  const { value, evaluations } = leastSquares(of, of.start, levenbergMarquardt(), {
    bounds: of.bounds,
    ...fitLimits,
  });
  return { value: 2 * value, evaluations: evaluations.residuals };
}

/** Where trf, told to go to its last digit, was at each minimum. */
async function reachedByScipy(python: string, recorded: Recorded): Promise<(Reached | undefined)[]> {
  const problems = boundedSums.map((of) => counted(of, endsOf(of.name, recorded)));
  const open = (side: readonly number[]) => side.map((bound) => (Number.isFinite(bound) ? bound : null));
  await answering(
    python,
    fileURLToPath(new URL('peers/scipy_bounded.py', import.meta.url)),
    {
      starts: problems.map(({ start }) => Array.from(start)),
      lower: problems.map(({ bounds }) => open(bounds.lower)),
      upper: problems.map(({ bounds }) => open(bounds.upper)),
      counts: boundedSums.map((of) => residualsOf(of)),
      lbfgsb: { maxiter: 1, maxfun: 1 },
      trf: { ftol: 1e-15, xtol: 1e-15, gtol: 1e-15, max_nfev: 2000 },
    },
    problems,
    problems.map(({ start }) => start),
  );
  return problems.map(({ reached }) => reached());
}

const endsOf = (name: string, { problems }: Recorded) => problems.find((one) => one.name === name);

/** Under one rule for all: what was asked for until the sum of squares was first the minimum's. */
async function benchReached(
  print: (line: string) => void,
  python: string,
  recorded: Recorded,
): Promise<void> {
  const columns: Record<string, (Reached | undefined)[]> = {
    LM: boundedSums.map((of) => reachedBy(of, {}, endsOf(of.name, recorded))),
    'LM, straight': boundedSums.map((of) =>
      reachedBy(of, { acceleration: false }, endsOf(of.name, recorded)),
    ),
    trf: await reachedByScipy(python, recorded),
  };
  const names = Object.keys(columns);
  print(
    `\nResiduals + Jacobians until the minimum is reached to 10⁻⁸\n${'problem'.padEnd(30)}${names.map((name) => name.padStart(16)).join('')}`,
  );
  const all = boundedSums.map((_, i) => names.every((name) => columns[name][i] !== undefined));
  const shown = (reached?: Reached) =>
    (reached === undefined ? 'not reached' : `${reached.residuals} + ${reached.jacobian}`).padStart(16);
  boundedSums.forEach(({ name }, i) => {
    print(`${name.padEnd(30)}${names.map((column) => shown(columns[column][i])).join('')}`);
  });
  const sums = names.map((name) =>
    columns[name].reduce<Reached>(
      (sum, reached, i) =>
        all[i] && reached !== undefined
          ? { residuals: sum.residuals + reached.residuals, jacobian: sum.jacobian + reached.jacobian }
          : sum,
      { residuals: 0, jacobian: 0 },
    ),
  );
  print(`${`where all do (${all.filter(Boolean).length})`.padEnd(30)}${sums.map(shown).join('')}`);
}

/** Our solvers within bounds beside SciPy's on the same functions. */
export async function benchBounded(print: (line: string) => void = console.log): Promise<void> {
  const python = pythonWithScipy();
  const scipy = python === undefined ? undefined : await scipyRuns(python);
  if (scipy === undefined) print('  without SciPy: FLUXION_PYTHON may name a Python that has it');
  if (scipy !== undefined && process.env.FLUXION_RECORD === '1') {
    writeFileSync(recordFile, `${JSON.stringify(scipy, null, 1)}\n`);
  }
  const heads = ['lbfgsb', 'projectedNewton', 'L-BFGS-B', 'LM', 'trf'];
  print(
    `Evaluations of f within bounds\n${'problem'.padEnd(30)}${heads.map((head) => head.padStart(16)).join('')}`,
  );
  const totals = heads.map(() => 0);
  boundedProblems.forEach((of, i) => {
    const ours = (solver: Solver) => {
      const { value, evaluations } = minimize(of, of.start, solver, { ...limits, bounds: of.bounds });
      return { value, evaluations: evaluations.value };
    };
    const theirs = scipy?.problems[i];
    const sum = boundedSums.find(({ name }) => name === of.name);
    const ends = [ours(lbfgsb()), ours(projectedNewton()), theirs?.lbfgsb, sum && fitted(sum), theirs?.trf];
    const cells = ends.map((end, column) => {
      if (!end) return ''.padStart(16);
      totals[column] += end.evaluations;
      return `${isSolved(of, end.value, theirs) ? '' : 'not in '}${end.evaluations}`.padStart(16);
    });
    print(`${of.name.padEnd(30)}${cells.join('')}`);
  });
  print(`${'evaluations'.padEnd(30)}${totals.map((total) => String(total).padStart(16)).join('')}`);
  if (python !== undefined && scipy !== undefined) await benchReached(print, python, scipy);
}
