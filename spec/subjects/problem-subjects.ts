import { leaves, mapTree, type Problem, Random, type TestFunction } from '../../src/index.js';
import { claims } from './claims.js';
import type { FunctionSubject, ProblemSubject } from './subject.js';

/**
 * A test function with a gradient as a subject.
 *
 * @throws TypeError for a function without a gradient
 */
export function functionSubject(of: TestFunction): FunctionSubject {
  const { name, start, gradient } = of;
  if (gradient === undefined) {
    throw new TypeError(`functionSubject(${name}): expected a function with a gradient, got one without`);
  }
  return {
    kind: 'function',
    name,
    epsilon: 2 ** -52,
    claims: claims.function,
    start,
    value: (x) => of.value(x),
    gradient: (x) => gradient.call(of, x),
    scope: (body) => body(),
  };
}

/**
 * A problem over batches as a subject: its gradient as a flat vector, for rows of inputs and one target.
 *
 * @param problemOf the problem for so many inputs
 * @param batchOf the rows as one batch; called inside a scope
 */
export function problemSubject<T, B>(
  name: string,
  problemOf: (features: number) => Problem<T, B>,
  batchOf: (rows: readonly (readonly number[])[]) => B,
): ProblemSubject {
  const { algebra } = problemOf(1);
  const startOf = (features: number) => problemOf(features).start(new Random(1));
  return {
    kind: 'problem',
    name: `${name} (${algebra.name})`,
    epsilon: algebra.epsilon,
    claims: claims.problem,
    dimension: (features) =>
      algebra.scope(() =>
        leaves(algebra, startOf(features)).reduce((total, leaf) => total + size(algebra.shape(leaf)), 0),
      ),
    evaluate(parameters, rows) {
      const features = rows[0].length - 1;
      const problem = problemOf(features);
      let at = 0;
      return algebra.scope(() => {
        const point = mapTree(
          algebra,
          (leaf) => {
            const shape = algebra.shape(leaf);
            at += size(shape);
            return algebra.array(parameters.subarray(at - size(shape), at), shape);
          },
          startOf(features),
        );
        const { value, gradient } = problem.valueAndGradient(point, batchOf(rows));
        const entries = leaves(algebra, gradient).flatMap((leaf) => [...algebra.values(leaf)]);
        return { value: algebra.number(value), gradient: Float64Array.from(entries) };
      });
    },
    scope: (body) => body(),
  };
}

/** A problem's loss on these rows as a function of the parameters. */
export function onRows(problem: ProblemSubject, rows: readonly (readonly number[])[]): FunctionSubject {
  const n = problem.dimension(rows[0].length - 1);
  return {
    kind: 'function',
    name: `${problem.name} on ${rows.length} rows`,
    epsilon: problem.epsilon,
    claims: claims.function,
    start: new Float64Array(n),
    value: (x) => problem.evaluate(x, rows).value,
    gradient: (x) => problem.evaluate(x, rows).gradient,
    scope: problem.scope,
  };
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
