import type { Algebra } from '../algebra/algebra.js';
import { shown } from '../algebra/argument.js';
import { float64 } from '../algebra/float64.js';
import type { HostArray } from '../algebra/host-array.js';
import { isList } from '../algebra/numbers.js';
import { denseOperator } from '../curvature/dense-operator.js';
import { Evaluations } from '../objective/evaluations.js';
import type { Problem } from '../objective/problem.js';
import type { TestFunction } from './test-function.js';

/** A test function as a problem over one array of shape [n]. */
export interface FunctionProblem<T> extends Problem<T> {
  /** Where its derivatives come from. */
  readonly derivatives: {
    readonly gradient: 'closed form' | 'differences';
    readonly hessian: 'closed form' | 'differences' | 'none';
  };
  readonly minimum?: TestFunction['minimum'];
  readonly source?: string;
}

/**
 * Makes a test function a problem that any method can minimise, in any arithmetic.
 *
 * The function itself computes on the host in float64. A missing gradient is taken by central differences, whose steps
 * are chosen anew at each x by what the values show, a missing Hessian by differences of the gradient where that is in
 * closed form; `derivatives` says so. The loss is not averaged over anything: the batch is `undefined`.
 *
 * @throws TypeError at once, where `of` is no test function; ObjectiveError, when it is called, where it throws or
 * answers with the wrong type or length
 * @example fromFunction(rosenbrock(2)).derivatives.gradient // 'closed form'
 */
export function fromFunction(of: TestFunction): FunctionProblem<HostArray>;
export function fromFunction<T>(of: TestFunction, algebra: Algebra<T>): FunctionProblem<T>;
export function fromFunction(
  of: TestFunction,
  algebra: Algebra<HostArray> = float64,
): FunctionProblem<HostArray> {
  return functionProblem(of, algebra);
}

function functionProblem<T>(of: TestFunction, algebra: Algebra<T>): FunctionProblem<T> {
  checkFunction(of);
  const n = of.start.length;
  // Without a memory of steps, so that a derivative depends on nothing but x.
  const anew = () => new Evaluations(of, n);
  const known = of.hessian !== undefined || of.gradient !== undefined;
  const problem: FunctionProblem<T> = {
    name: of.name,
    algebra,
    derivatives: {
      gradient: of.gradient === undefined ? 'differences' : 'closed form',
      hessian: of.hessian !== undefined ? 'closed form' : known ? 'differences' : 'none',
    },
    minimum: of.minimum,
    source: of.source,
    start: () => algebra.array(of.start, [n]),
    value: (x) => algebra.fill([], anew().value(algebra.values(x as T))),
    valueAndGradient(x) {
      const host = algebra.values(x as T);
      const evaluations = anew();
      const gradient = new Float64Array(n);
      const value = evaluations.value(host);
      evaluations.gradient(host, gradient);
      return { value: algebra.fill([], value), gradient: algebra.array(gradient, [n]) };
    },
  };
  if (!known) return problem;
  return {
    ...problem,
    curvatures: ['hessian'],
    curvature(kind, x) {
      if (kind !== 'hessian') {
        throw new TypeError(`${of.name}.curvature(kind): expected 'hessian', got '${kind}'`);
      }
      const hessian = new Float64Array(n * n);
      anew().hessian(algebra.values(x as T), hessian);
      return denseOperator(algebra, hessian, x, { name: 'hessian', symmetric: true });
    },
  };
}

function checkFunction(of: TestFunction): void {
  const wrong = (argument: string, expected: string, got: unknown) =>
    new TypeError(`fromFunction(${argument}): expected ${expected}, got ${shown(got)}`);
  if (of === null || typeof of !== 'object') throw wrong('of', 'an object', of);
  if (typeof of.name !== 'string') throw wrong('name', 'a string', of.name);
  const start: unknown[] = isList(of.start) ? Array.from(of.start) : [];
  if (start.length === 0 || !start.every(Number.isFinite)) {
    throw wrong('start', 'a list of finite numbers', of.start);
  }
  if (typeof of.value !== 'function') throw wrong('value', 'a function', of.value);
  for (const name of ['gradient', 'hessian'] as const) {
    if (of[name] !== undefined && typeof of[name] !== 'function') throw wrong(name, 'a function', of[name]);
  }
}
