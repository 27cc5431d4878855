import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, pipe } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  asSolver,
  denseOperator,
  float64,
  leaves,
  type Method,
  methodsIn,
  minimize,
  type Outcome,
  type Problem,
  type State,
} from '../../../src/index.js';
import { asOptimizer, useBackend } from '../../../src/tensors/index.js';
import type { Step, Transform } from '../../../src/transforms/index.js';
import { allFinite } from '../../../src/transforms/memory.js';
import { gradient, lift, snapshot, train, withoutBatches } from '../../../streams/index.js';

type Host = ReturnType<typeof float64.fill>;

const methods = [...methodsIn('train').values()].filter(({ create }) => {
  const needs = create().needs ?? [];
  return needs.every((need) => need === 'hessian');
});

/** The same method, which tells after which step it first remembered a NaN or ∞. */
function watched(method: Method): { method: Method; spoiltAt(): number | undefined } {
  let spoilt: number | undefined;
  let step = 0;
  const update: Transform['update'] = <T>(...given: Parameters<typeof method.update<T>>): Step<T> => {
    const made = method.update(...given);
    if (!allFinite(given[0].algebra, made.state)) spoilt ??= step;
    step++;
    return made;
  };
  return { method: { ...method, update }, spoiltAt: () => spoilt };
}

/** Σ xᵢ² in three variables, told with one entry of one gradient, or of one Hessian, that is large but finite. */
interface Spike {
  readonly of: 'gradient' | 'hessian';
  readonly at: readonly number[];
  readonly size: number;
}

const spikes: readonly [string, Spike][] = [
  ['one entry whose square overflows', { of: 'gradient', at: [2], size: 1e200 }],
  ['two whose squares overflow in their sum alone', { of: 'gradient', at: [2, 3, 4], size: 1.2e154 }],
  ['a curvature whose square overflows', { of: 'hessian', at: [2], size: 1e200 }],
];

const start = [3, -2, 1];
const steps = 12;

function spiked({ of, at, size }: Spike) {
  let calls = 0;
  const large = (what: Spike['of']) => of === what && at.includes(calls);
  return {
    value: (x: Float64Array) => x.reduce((sum, xi) => sum + xi * xi, 0),
    gradient(x: Float64Array) {
      calls++;
      return x.map((xi, i) => (large('gradient') && i === 0 ? size : 2 * xi));
    },
    hessian: () => Float64Array.of(large('hessian') ? size : 2, 0, 0, 0, 2, 0, 0, 0, 2),
  };
}

function asProblem(spike: Spike): Problem<Host> {
  const { value, gradient, hessian } = spiked(spike);
  const data = (x: unknown) => (x as Host).data;
  return {
    name: 'spiked',
    algebra: float64,
    start: () => float64.array(start, [3]),
    value: (x) => float64.fill([], value(data(x))),
    valueAndGradient: (x) => ({
      value: float64.fill([], value(data(x))),
      gradient: float64.array(gradient(data(x)), [3]),
    }),
    curvatures: ['hessian'],
    curvature: (_, x) => denseOperator(float64, hessian(), x, { name: 'hessian', symmetric: true }),
  };
}

const runners: readonly [string, (method: Method, spike: Spike) => Promise<Outcome | undefined>][] = [
  [
    'minimize',
    async (method, spike) =>
      minimize(spiked(spike), start, asSolver(method), { maxIterations: steps }).outcome,
  ],
  [
    'train',
    async (method, spike) =>
      (
        await lastValueFrom(
          train(asProblem(spike), withoutBatches(), pipe(gradient(), lift(method)), { steps }).pipe(
            snapshot(),
          ),
        )
      ).outcome,
  ],
];

describe.each(runners)('%s', (_, run) => {
  describe.each(spikes)('after %s', (_, spike) => {
    it.each(methods.map((entry) => [entry.name, entry.create] as const))(
      'lets %s remember no NaN or ∞ in silence',
      async (_, create) => {
        const { method, spoiltAt } = watched(create() as Method);
        const outcome = await run(method, spike);
        if (spoiltAt() !== undefined) expect(outcome?.kind).toBe('nonFinite');
        if (spike.of === 'gradient' && spoiltAt() !== undefined) expect(outcome?.step).toBe(spoiltAt());
      },
    );
  });
});

it.each(['adam', 'adagrad', 'shampoo', 'momentum'])(
  'tells in model.fit and optimizer.minimize of an entry of %s that overflows in float32',
  async (name) => {
    await useBackend('wasm');
    const optimizer = asOptimizer(methodsIn('train').get(name)!.create() as Method);
    const w = tf.variable(tf.tensor2d([[1, 2]]));
    const scales = [1, 1e19, 1, 1].map((scale) => tf.tensor2d([[scale, 1]]));
    for (const scale of scales)
      optimizer.minimize(() => tf.sum(tf.mul(tf.square(w), scale)) as tf.Scalar, false, [w]);
    const weights = await optimizer.getWeights();
    const remembered = weights.flatMap(({ tensor }) => [...tensor.dataSync()]);
    if (name === 'momentum') expect(optimizer.outcome).toBeUndefined();
    else expect(optimizer.outcome).toMatchObject({ kind: 'nonFinite', step: 1 });
    expect(remembered.every(Number.isFinite)).toBe(true);
    expect([...w.dataSync()].every(Number.isFinite)).toBe(true);
  },
);

it('names the part that remembers it', () => {
  const outcome = minimize(
    spiked(spikes[0][1]),
    start,
    asSolver(methodsIn('train').get('adam')!.create() as Method),
  ).outcome;
  expect(outcome).toMatchObject({
    kind: 'nonFinite',
    stage: 'scaleByMoments',
    message: expect.stringContaining('scaleByMoments remembers a NaN or ∞ at step'),
  });
});

it('knows of states that are none, or hold no array', () => {
  const states: State<Host>[] = [null, [], { count: 3 }, [null, { a: float64.array([1], [1]) }]];
  for (const state of states) expect(allFinite(float64, state)).toBe(true);
  expect(allFinite(float64, [null, { a: float64.array([1, Number.NaN], [2]) }])).toBe(false);
  expect(leaves(float64, [])).toEqual([]);
});
