import { flatten, unflatten } from '../../src/algebra/flatten.js';
import {
  float64,
  fromFunction,
  type HostArray,
  leaves,
  type Problem,
  Random,
  type TestFunction,
} from '../../src/index.js';
import { claims } from './claims.js';
import type { FunctionSubject, ProblemSubject } from './subject.js';

/**
 * A test function with a gradient as a subject.
 *
 * @throws TypeError for a function without a gradient
 */
export function functionSubject(of: TestFunction): FunctionSubject {
  const { name, start, gradient, hessian } = of;
  if (gradient === undefined) {
    throw new TypeError(`functionSubject(${name}): expected a function with a gradient, got one without`);
  }
  return {
    kind: 'function',
    name,
    epsilon: 2 ** -52,
    claims: hessian === undefined ? claims.function : [...claims.function, '12'],
    start,
    value: (x) => of.value(x),
    gradient: (x) => gradient.call(of, x),
    ...(hessian && {
      products: (x: Float64Array) => {
        const at = float64.array(x, [x.length]);
        const known = fromFunction(of).curvature!('hessian', at, undefined);
        return (v) => float64.values(known.apply(float64.array(v, [v.length])) as HostArray);
      },
    }),
    scope: (body) => float64.scope(body),
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
      return algebra.scope(() => {
        const at = unflatten(algebra, parameters, startOf(features));
        const { value, gradient } = problemOf(features).valueAndGradient(at, batchOf(rows));
        return { value: algebra.number(value), gradient: flatten(algebra, gradient) };
      });
    },
    products(parameters, rows) {
      const features = rows[0].length - 1;
      return (v) =>
        algebra.scope(() => {
          const at = unflatten(algebra, parameters, startOf(features));
          const hessian = problemOf(features).curvature!('hessian', at, batchOf(rows));
          return flatten(algebra, hessian.apply(unflatten(algebra, v, at)));
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
    claims: problem.products === undefined ? claims.function : [...claims.function, '12'],
    start: new Float64Array(n),
    value: (x) => problem.evaluate(x, rows).value,
    gradient: (x) => problem.evaluate(x, rows).gradient,
    ...(problem.products && { products: (x: Float64Array) => problem.products!(x, rows) }),
    scope: problem.scope,
  };
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
