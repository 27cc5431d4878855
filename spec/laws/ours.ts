import {
  type Algebra,
  leaves,
  mapTree,
  catalogue as methods,
  type Problem,
  Random,
  type State,
  type TestFunction,
  type Transform,
} from '../../src/index.js';
import {
  averagedParameters,
  chain,
  clipByNorm,
  clipByValue,
  exponential,
  grouped,
  learningRate,
  masked,
  momentum,
  scaleByMoments,
  trustRatio,
  weightAverage,
} from '../../src/transforms/index.js';
import { lifted, lowered, optimizerOf, subjectOf } from './adapt.js';
import { claims } from './claims.js';
import { flat, shaped } from './point.js';
import type {
  AverageSubject,
  Bracket,
  CompositionSubject,
  FunctionSubject,
  OptimizerSubject,
  Part,
  ProblemSubject,
  ScheduleSubject,
} from './subject.js';

/** Every method of ours that claims a law, and the transforms that stand alone, in one arithmetic. */
export function ourOptimizers<T>(algebra: Algebra<T>): readonly OptimizerSubject[] {
  const named = [...methods.values()]
    .filter(({ name }) => name in claims)
    .map(({ name, create }) =>
      subjectOf(algebra, name, (options) => create(options as Record<string, unknown>)),
    );
  const alone: Record<string, (options: Record<string, number>) => Transform> = {
    trustRatio: (options) => trustRatio(options),
    clipByNorm: ({ most }) => clipByNorm(most),
    clipByValue: ({ most }) => clipByValue(most),
    masked: ({ beta }) => masked(momentum(beta), (path) => path === '0'),
    grouped: ({ beta }) =>
      grouped((path) => (path === '0' ? 'first' : 'rest'), {
        first: momentum(beta),
        rest: scaleByMoments({ beta1: beta }),
      }),
    scheduled: ({ factor = 0.9 }) => learningRate(exponential({ from: 1, factor })),
  };
  const transforms = Object.entries(alone).map(([name, create]) =>
    subjectOf(algebra, name, (options) => create(options as Record<string, number>)),
  );
  return [...named, ...transforms];
}

/** `chain` in one arithmetic. */
export function ourComposition<T>(
  algebra: Algebra<T>,
  join: (...transforms: readonly Transform[]) => Transform = chain,
  name = 'chain',
): CompositionSubject {
  const make: Record<Part['name'], (argument: number) => Transform> = {
    momentum,
    clipByNorm,
    learningRate,
    scaleByMoments: (beta2) => scaleByMoments({ beta2 }),
  };
  const joined = (bracket: Bracket): Transform =>
    isPart(bracket) ? make[bracket.name](bracket.argument) : join(...bracket.map(joined));
  return {
    kind: 'composition',
    name: `${name} (${algebra.name})`,
    epsilon: algebra.epsilon,
    claims: claims.chain,
    compose: (parts) => optimizerOf(algebra, joined(parts)),
    scope: (body) => algebra.scope(body),
  };
}

/** `weightAverage` in one arithmetic. */
export function ourAverage<T>(algebra: Algebra<T>): AverageSubject {
  return {
    kind: 'average',
    name: `weightAverage (${algebra.name})`,
    epsilon: algebra.epsilon,
    claims: claims.weightAverage,
    create: (options) => (points) => {
      const transform = weightAverage(options);
      let state: State<T> = transform.init(lifted(algebra, points[0]), algebra);
      return points.slice(1).map((point, step) => {
        const before = flat(points[step]);
        const update = lifted(
          algebra,
          shaped(
            point,
            flat(point).map((x, i) => x - before[i]),
          ),
        );
        const next = transform.update(
          {
            algebra,
            update,
            gradient: update,
            parameters: lifted(algebra, points[step]),
            loss: algebra.fill([], 0),
            step,
            random: new Random(step),
          },
          state,
        );
        state = next.state;
        return (averagedParameters(transform, state) as readonly T[]).map((leaf) => lowered(algebra, leaf));
      });
    },
    scope: (body) => algebra.scope(body),
  };
}

/** `exponential`. */
export const ourSchedule: ScheduleSubject = {
  kind: 'schedule',
  name: 'exponential',
  epsilon: 2 ** -52,
  claims: claims.exponential,
  create: (options) => {
    const schedule = exponential(options);
    return (count) => schedule.at(count);
  },
  scope: (body) => body(),
};

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

function isPart(bracket: Bracket): bracket is Part {
  return !Array.isArray(bracket);
}
