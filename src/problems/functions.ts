import { named } from '../algebra/nearest-name.js';
import { chosen, number, type Option, type OptionsOf, whole } from '../transforms/option.js';
import { booth } from './booth.js';
import { quadratic } from './quadratic.js';
import { quartic } from './quartic.js';
import { rosenbrock } from './rosenbrock.js';
import { saddle } from './saddle.js';
import type { TestFunction } from './test-function.js';

/** A test function as the command line and the documentation see it. */
export interface FunctionEntry {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly options: Readonly<Record<string, Option<number>>>;
  /** @throws TypeError on an unknown option; RangeError on a value that is not allowed */
  create(options?: Readonly<Record<string, unknown>>): TestFunction;
}

const dimension = (n: number) => whole(n, '[2, ∞)', 'n, the number of variables');

/** The test functions by name. */
export const functions: ReadonlyMap<string, FunctionEntry> = new Map(
  [
    entry('booth', 'A quadratic of two variables.', {}, booth),
    entry('rosenbrock', 'A curved valley in n dimensions.', { n: dimension(2) }, ({ n }) => rosenbrock(n)),
    entry('quartic', 'A quartic of two variables, nearly flat across y = 0.', {}, quartic),
    entry('saddle', 'A saddle between two minima.', {}, saddle),
    entry(
      'quadratic',
      'A quadratic with a chosen condition number.',
      { n: dimension(10), condition: number(1_000, '[1, ∞)', 'κ, the largest eigenvalue over the least') },
      ({ n, condition }) => quadratic(n, condition),
    ),
  ].map((one) => [one.name, one]),
);

/**
 * Finds a test function by its name.
 *
 * @throws RangeError naming the nearest one there is
 * @example findFunction('rosenbrock').create({ n: 10 })
 */
export function findFunction(name: string): FunctionEntry {
  return named('test function', name, functions);
}

function entry<O extends { readonly [name: string]: number }>(
  name: string,
  summary: string,
  options: OptionsOf<O> & { readonly [K in keyof O]: Option<number> },
  make: (options: Required<O>) => TestFunction,
): FunctionEntry {
  return {
    name,
    summary,
    options,
    create: (given = {}) => make(chosen<O>(name, options, given as O)),
  };
}
