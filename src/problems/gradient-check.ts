import { shown } from '../algebra/argument.js';
import { numbers } from '../algebra/numbers.js';
import { entries, mapTree, type Tree } from '../algebra/tree.js';
import { able } from '../curvature/linear-operator.js';
import type { Minimization } from '../objective/evaluations.js';
import { checkFunctions } from '../objective/plain-problem.js';
import type { Problem } from '../objective/problem.js';
import { ResidualEvaluations, type Residuals } from '../objective/residual-evaluations.js';
import { extrapolatedDifferences } from './extrapolated-differences.js';
import { type FunctionProblem, fromFunction } from './from-function.js';
import type { TestFunction } from './test-function.js';

/** Where an entry lies: its leaf, and its row-major index in it. */
export interface Place {
  readonly path: string;
  readonly index: number;
}

export interface Disagreement extends Place {
  readonly of: 'gradient' | 'hessian' | 'jacobian';
  /** For the Hessian, the variable of the second derivative; for a Jacobian, the variable, its row being the place. */
  readonly column?: Place;
  /** What the problem says, and what differences say. */
  readonly given: number;
  readonly difference: number;
  /** What |given − difference| must not exceed. */
  readonly tolerance: number;
}

export interface GradientReport {
  readonly agrees: boolean;
  /** How many entries were compared. */
  readonly checked: number;
  /** In the order of the entries, gradient first. */
  readonly disagreements: readonly Disagreement[];
  /** One sentence for a person. */
  readonly message: string;
}

/**
 * Compares a gradient, and the Hessian where there is one, or a Jacobian of residuals, with central differences, entry
 * by entry.
 *
 * The value is evaluated 4n + 9 times, for a Hessian the gradient as often, for a Jacobian the residuals. The tolerance
 * of each entry is estimated from the differences themselves (see {@link extrapolatedDifferences}): there is none to
 * choose, and with ε the arithmetic's own, one call serves float64 and float32. A derivative that is not finite
 * disagrees.
 *
 * @throws TypeError where the derivative itself is made of differences; TypeError, RangeError on wrong arguments
 * @example
 * const { agrees, message } = gradientCheck(rosenbrock(4), [0.5, -1, 2, 0]);
 */
export function gradientCheck(
  problem: Minimization | Residuals | TestFunction,
  x: ArrayLike<number>,
): GradientReport;
export function gradientCheck<T>(problem: Problem<T>, x: Tree<T>): GradientReport;
export function gradientCheck<T, B>(problem: Problem<T, B>, x: Tree<T>, batch: B): GradientReport;
export function gradientCheck<T, B>(
  given: Minimization | Residuals | Problem<T, B>,
  x: ArrayLike<number> | Tree<T>,
  batch?: B,
): GradientReport {
  if (given !== null && typeof given === 'object') {
    if ('valueAndGradient' in given) return checked(given, x as Tree<T>, batch as B);
    if ('residuals' in given && !('value' in given)) return checkedJacobian(given, pointOf(given, x));
  }
  checkFunctions('gradientCheck', 'value', ['gradient', 'hessian'], given);
  const { name = 'the function' } = given as { name?: string };
  const start = pointOf(given, x);
  const problem = fromFunction({ ...(given as Minimization), name, start });
  const array = problem.algebra.array(start, [start.length]);
  const report = checked(problem, array, undefined);
  problem.algebra.release(array);
  return report;
}

/** @throws TypeError unless x is a list of numbers; RangeError where it has not as many as the problem's own start */
function pointOf(problem: object, x: unknown): Float64Array {
  const point = Float64Array.from(numbers('gradientCheck', 'x', x));
  const { start } = problem as { readonly start?: ArrayLike<number> };
  if (point.length === 0 || (start !== undefined && start.length !== point.length)) {
    const expected = start === undefined ? 'a number for each variable' : `${start.length} numbers`;
    throw new RangeError(`gradientCheck(x): expected ${expected}, got ${shown([...point])}`);
  }
  return point;
}

function checkedJacobian(problem: Residuals, x: Float64Array): GradientReport {
  checkFunctions('gradientCheck', 'residuals', ['jacobian'], problem);
  if (problem.jacobian === undefined) throw ofDifferences('a Jacobian', 'the residuals');
  const n = x.length;
  const evaluations = new ResidualEvaluations(problem, n, x);
  const { jacobian } = evaluations.iterate(x);
  const residuals = (at: Float64Array) => {
    const r = new Float64Array(evaluations.m);
    evaluations.residuals(at, r);
    return r;
  };
  const { estimates, tolerances } = extrapolatedDifferences(residuals, x, Number.EPSILON);
  const disagreements: Disagreement[] = [];
  for (let i = 0; i < evaluations.m; i++) {
    for (let j = 0; j < n; j++) {
      const [had, difference, tolerance] = [jacobian[i * n + j], estimates[j][i], tolerances[j][i]];
      if (Math.abs(had - difference) <= tolerance) continue;
      const place = { of: 'jacobian', path: '', index: i, column: { path: '', index: j } } as const;
      disagreements.push({ ...place, given: had, difference, tolerance });
    }
  }
  return report(disagreements, jacobian.length);
}

function ofDifferences(expected: string, of: string): TypeError {
  return new TypeError(
    `gradientCheck(problem): expected ${expected} in closed form, got differences for ${of}`,
  );
}

function checked<T, B>(problem: Problem<T, B>, x: Tree<T>, batch: B): GradientReport {
  const { algebra } = problem;
  const derivatives = (problem as Partial<FunctionProblem<T>>).derivatives;
  if (derivatives?.gradient === 'differences') {
    throw ofDifferences('a gradient', shown(problem.name));
  }
  const leaves = entries(algebra, x).map(([path, leaf]) => ({ path, values: algebra.values(leaf) }));
  const places = leaves.flatMap(({ path, values }) => Array.from(values, (_, index) => ({ path, index })));
  const n = places.length;
  /** Calls the problem at a point given as one vector, and gives every array back. */
  const at = (point: Float64Array, read: (parameters: Tree<T>) => Float64Array) => {
    let offset = 0;
    let answer = point;
    algebra.scope(() => {
      const parameters = mapTree(
        algebra,
        (leaf) => {
          const shape = algebra.shape(leaf);
          const size = shape.reduce((product, length) => product * length, 1);
          offset += size;
          return algebra.array(point.subarray(offset - size, offset), shape);
        },
        x,
      );
      answer = read(parameters);
    });
    return answer;
  };
  const value = (point: Float64Array) => at(point, (p) => algebra.values(problem.value(p, batch)));
  const gradient = (point: Float64Array) =>
    at(point, (p) => {
      const parts = entries(algebra, problem.valueAndGradient(p, batch).gradient);
      return Float64Array.from(parts.flatMap(([, leaf]) => [...algebra.values(leaf)]));
    });

  const point = Float64Array.from(leaves.flatMap(({ values }) => [...values]));
  const disagreements: Disagreement[] = [];
  const compare = (i: number, j: number | undefined, had: number, difference: number, tolerance: number) => {
    if (Math.abs(had - difference) <= tolerance) return;
    const place =
      j === undefined
        ? { of: 'gradient' as const, ...places[i] }
        : { of: 'hessian' as const, ...places[i], column: places[j] };
    disagreements.push({ ...place, given: had, difference, tolerance });
  };

  const given = gradient(point);
  const first = extrapolatedDifferences(value, point, algebra.epsilon);
  for (let i = 0; i < n; i++) compare(i, undefined, given[i], first.estimates[i][0], first.tolerances[i][0]);
  let count = n;
  if (problem.curvatures?.includes('hessian') && derivatives?.hessian !== 'differences') {
    const hessian = at(point, (p) =>
      able('gradientCheck', problem.curvature!('hessian', p, batch), 'dense')(),
    );
    const second = extrapolatedDifferences(gradient, point, algebra.epsilon);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        compare(i, j, hessian[i * n + j], second.estimates[j][i], second.tolerances[j][i]);
      }
    }
    count += n * n;
  }
  return report(disagreements, count);
}

function report(disagreements: readonly Disagreement[], count: number): GradientReport {
  return {
    agrees: disagreements.length === 0,
    checked: count,
    disagreements,
    message: told(disagreements, count),
  };
}

function told(disagreements: readonly Disagreement[], count: number): string {
  if (disagreements.length === 0) return `All ${count} entries agree with differences.`;
  const [{ of, path, index, column, given, difference, tolerance }] = disagreements;
  const place = (one: Place) => `${one.path}[${one.index}]`;
  const where = column === undefined ? place({ path, index }) : `${place({ path, index })}, ${place(column)}`;
  return (
    `${disagreements.length} of ${count} entries disagree with differences; the first, the ${of} at ` +
    `${where}, is ${given} where differences say ${difference} ± ${tolerance}.`
  );
}
