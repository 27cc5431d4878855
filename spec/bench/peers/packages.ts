import { isSolved, maxIterations, type Score, type Smooth, startOf, tolerance } from './competition.js';
import { installed } from './installed.js';

type Run = (of: Smooth, start: number[], value: (x: number[]) => number) => ArrayLike<number>;

interface Fmin {
  conjugateGradient(
    f: (x: number[], gradient: number[]) => number,
    start: number[],
    options: { maxIterations: number },
  ): { x: number[] };
}
interface Numeric {
  uncmin(
    f: (x: number[]) => number,
    start: number[],
    tolerance: number,
    gradient: (x: number[]) => number[],
    maxIterations: number,
  ): { solution: number[] };
}
interface OptimizationJs {
  minimize_L_BFGS(
    f: (x: number[]) => number,
    gradient: (x: number[]) => number[],
    start: number[],
  ): { argument: number[] };
}

const at = (x: ArrayLike<number>): Float64Array => Float64Array.from(x);
const gradientOf = (of: Smooth) => (x: number[]) => Array.from(of.gradient(at(x)));

const runs: Readonly<Record<string, (library: never) => Run>> = {
  numeric: (numeric: Numeric) => (of, start, value) =>
    numeric.uncmin(value, start, tolerance, gradientOf(of), maxIterations).solution,
  'optimization-js': (optimization: OptimizationJs) => (of, start, value) =>
    optimization.minimize_L_BFGS(value, gradientOf(of), start).argument,
  fmin: (fmin: Fmin) => (of, start, value) => {
    const both = (x: number[], into: number[]) => {
      of.gradient(at(x)).forEach((entry, i) => {
        into[i] = entry;
      });
      return value(x);
    };
    return fmin.conjugateGradient(both, start, { maxIterations }).x;
  },
};

/** A run that asks more often than this is given up: some of these packages never end. */
const mostEvaluations = 100_000;

/** Runs one npm package on every problem; undefined where it is not installed here or in `FLUXION_PEERS`. */
export async function packageScores(
  name: keyof typeof runs,
  problems: readonly Smooth[],
  times: number,
): Promise<Score[] | undefined> {
  const library = await installed<{ default?: unknown }>(name);
  if (library === undefined) return undefined;
  // fmin's build, being neither CommonJS nor a module to Node, hangs itself on the global object.
  const run = runs[name]((library.default ?? (globalThis as Record<string, unknown>)[name]) as never);
  return problems.map((of) => {
    let evaluations = 0;
    let best: ArrayLike<number> = of.start;
    const value = (x: number[]) => {
      evaluations++;
      if (evaluations > mostEvaluations) throw new Error('too many evaluations');
      return of.value(at(x));
    };
    try {
      best = run(of, startOf(of, times), value);
    } catch {
      return { solved: false, evaluations };
    }
    return { solved: best !== undefined && isSolved(of, best), evaluations };
  });
}

export const packageNames = Object.keys(runs);
