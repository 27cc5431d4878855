import type { Factory, Option } from '../algebra/option.js';
import type { LeastSquaresSolver } from '../objective/least-squares-solver.js';
import type { Solver } from '../objective/solver.js';
import type { Method } from './method.js';

/**
 * Where methods run, by the function that runs them: a chain of transforms in `train`, a solver in `minimize`, one
 * for residuals in `leastSquares`. `asSolver` and `throughResiduals` take the first and the last to `minimize`.
 */
export interface Runners {
  train: Method;
  minimize: Solver;
  leastSquares: LeastSquaresSolver;
}

export type Runner = keyof Runners;

/** A method of any kind: a chain of transforms, a solver, or one for residuals. */
export type AnyMethod = Runners[Runner];

/** A method as the command line, the documentation and the tests see it. */
export interface CatalogueEntry<R extends Runner = Runner> extends Factory<Runners[R]> {
  readonly aliases: readonly string[];
  readonly runsIn: R;
  /** One sentence. */
  readonly sentence: string;
  readonly source: string;
  /** The options' defaults. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** An entry that does not say yet where it runs; its name and defaults are read off the method itself. */
export function entry<O extends object, M extends { readonly name: string }>(
  create: (options?: O) => M,
  options: { readonly [K in keyof Required<O>]: Option<Required<O>[K]> },
  sentence: string,
  source: string,
  aliases: readonly string[] = [],
) {
  const described = options as Readonly<Record<string, Option<unknown>>>;
  return {
    name: create().name,
    aliases,
    sentence,
    source,
    options: described,
    defaults: Object.fromEntries(Object.entries(described).map(([name, option]) => [name, option.default])),
    create: (given: Readonly<Record<string, unknown>> = {}) => create(given as O),
  };
}
