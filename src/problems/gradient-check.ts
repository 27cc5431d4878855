import { shown } from '../algebra/argument.js';
import { entries, mapTree, type Tree } from '../algebra/tree.js';
import { able } from '../curvature/linear-operator.js';
import type { Problem } from '../objective/problem.js';
import { extrapolatedDifferences } from './extrapolated-differences.js';
import { type FunctionProblem, fromFunction } from './from-function.js';
import type { TestFunction } from './test-function.js';

/** Where an entry lies: its leaf, and its row-major index in it. */
export interface Place {
  readonly path: string;
  readonly index: number;
}

export interface Disagreement extends Place {
  readonly of: 'gradient' | 'hessian';
  /** For the Hessian, the variable of the second derivative. */
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
 * Compares a gradient, and the Hessian where there is one, with central differences, entry by entry.
 *
 * The value is evaluated 4n + 1 times, for a Hessian the gradient as often. The tolerance of each entry is
 * estimated from the differences themselves (see {@link extrapolatedDifferences}): there is none to choose, and
 * with ε the arithmetic's own, one call serves float64 and float32. A derivative that is not finite disagrees.
 *
 * @throws TypeError where the gradient itself is made of differences
 * @example
 * const { agrees, message } = gradientCheck(rosenbrock(4), [0.5, -1, 2, 0]);
 */
export function gradientCheck(problem: TestFunction, x: ArrayLike<number>): GradientReport;
export function gradientCheck<T>(problem: Problem<T>, x: Tree<T>): GradientReport;
export function gradientCheck<T, B>(problem: Problem<T, B>, x: Tree<T>, batch: B): GradientReport;
export function gradientCheck<T, B>(
  given: TestFunction | Problem<T, B>,
  x: ArrayLike<number> | Tree<T>,
  batch?: B,
): GradientReport {
  if ('valueAndGradient' in given) return checked(given, x as Tree<T>, batch as B);
  const problem = fromFunction(given);
  const array = problem.algebra.array(x as ArrayLike<number>, [given.start.length]);
  const report = checked(problem, array, undefined);
  problem.algebra.release(array);
  return report;
}

function checked<T, B>(problem: Problem<T, B>, x: Tree<T>, batch: B): GradientReport {
  const { algebra } = problem;
  const derivatives = (problem as Partial<FunctionProblem<T>>).derivatives;
  if (derivatives?.gradient === 'differences') {
    throw new TypeError(
      `gradientCheck(problem): expected a gradient in closed form, got differences for ${shown(problem.name)}`,
    );
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
