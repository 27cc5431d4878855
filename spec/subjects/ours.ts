import { type Algebra, methodsIn, Random, type State, type Transform } from '../../src/index.js';
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
  primalAverage,
  scaleByMoments,
  trustRatio,
  weightAverage,
} from '../../src/transforms/index.js';
import { arraysOf, lowered, optimizerOf, subjectOf } from './adapt.js';
import { claims } from './claims.js';
import { flat, shaped } from './point.js';
import type {
  AverageSubject,
  Bracket,
  CompositionSubject,
  OptimizerSubject,
  Part,
  ScheduleSubject,
} from './subject.js';

/** Every method of ours that claims a law, and the transforms that stand alone, in one arithmetic. */
export function ourOptimizers<T>(algebra: Algebra<T>): readonly OptimizerSubject[] {
  const named = [...methodsIn('train').values()]
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
    primalAverage: (options) => primalAverage(options),
    scheduledMomentum: ({ beta, factor = 0.9 }) =>
      chain(momentum(beta), learningRate(exponential({ from: 1, factor }))),
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
      let state: State<T> = transform.init(arraysOf(algebra, points[0]), algebra);
      return points.slice(1).map((point, step) => {
        const before = flat(points[step]);
        const update = arraysOf(
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
            parameters: arraysOf(algebra, points[step]),
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
  method: 'exponential',
  epsilon: 2 ** -52,
  claims: claims.exponential,
  create: (options) => {
    const schedule = exponential(options as { from: number; factor: number });
    return (count) => schedule.at(count);
  },
  scope: (body) => body(),
};

function isPart(bracket: Bracket): bracket is Part {
  return !Array.isArray(bracket);
}
