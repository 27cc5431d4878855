import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, pipe } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam, bfgs, fromFunction, mapTree, minimize, rosenbrock } from '../../../src/index.js';
import { asOptimizer, flattenedLoss, fromLoss, useBackend } from '../../../src/tensors/index.js';
import type { Context, Transform } from '../../../src/transforms/index.js';
import * as s from '../../../streams/index.js';

type Wrong = never; // what stands in another's place
const problem = fromFunction(rosenbrock(2));
const trained = async (pipeline: unknown, of: unknown = problem, batches: unknown = s.withoutBatches()) =>
  lastValueFrom(s.train(of as Wrong, batches as Wrong, pipeline as Wrong, { steps: 3 }).pipe(s.snapshot()));

beforeAll(async () => {
  await useBackend('wasm');
});

const none = 'got one that is none or was not called: ';

describe('a pipeline that is none', () => {
  it.each<[string, unknown, string]>([
    ['pipe(gradient(), adam())', pipe(s.gradient(), adam() as Wrong), none],
    ['pipe(gradient(), bfgs())', pipe(s.gradient(), bfgs() as Wrong), none],
    ['pipe(gradient(), adam)', pipe(s.gradient(), adam as Wrong), `${none}adam(`],
    [
      'pipe(gradient(), momentum, …)',
      pipe(s.gradient(), s.momentum as Wrong, s.learningRate(0.1)),
      `${none}momentum(beta)`,
    ],
    ['pipe(gradient, lifted(adam()))', pipe(s.gradient as Wrong, s.lifted(adam())), `${none}lift(`],
    ['pipe(gradient)', pipe(s.gradient as Wrong), `${none}made a function of a stream`],
    ['adam()', adam(), 'got the method adam; lifted(…) makes it an operator, behind gradient()'],
    ['bfgs()', bfgs(), 'got the solver bfgs; minimize runs it'],
    ['nothing', undefined, 'expected an operator such as pipe(gradient(), lifted(adam())), got undefined'],
    ['a list', [s.gradient(), s.lifted(adam())], 'pipe(…) makes one operator of a list'],
  ])('%s says what is missing', async (_, pipeline, message) => {
    const failure = await trained(pipeline).catch((error) => error);
    expect(failure.message).toContain('train(pipeline): expected ');
    expect(failure.message).toContain(message);
  });

  it('keeps what an operator of one’s own throws', async () => {
    const own = () => {
      throw new Error('mine');
    };
    await expect(trained(pipe(s.gradient(), own))).rejects.toThrow('step 0, pipeline: mine');
  });
});

describe('a pipeline without a learning rate', () => {
  const climbs =
    'train(pipeline): expected learningRate(…) at its end, which multiplies by −η, got an update that points up the gradient';

  it.each<[string, unknown]>([
    ['gradient()', pipe(s.gradient())],
    ['momentum', pipe(s.gradient(), s.momentum(0.9))],
    ['clipping and moments', pipe(s.gradient(), s.clipByNorm(1), s.scaleByMoments())],
  ])('is told at the first step: %s', async (_, pipeline) => {
    await expect(trained(pipeline)).rejects.toThrow(climbs);
  });

  it('is none where a transform of one’s own steps down', async () => {
    const halved: Transform = {
      name: 'halved',
      options: {},
      init: () => null,
      update: <T>({ algebra, update }: Context<T>) => ({
        update: mapTree(algebra, (u) => algebra.mul(u, -1e-4), update),
        state: null,
      }),
    };
    expect(await trained(pipe(s.gradient(), s.lift(halved)))).toMatchObject({ outcome: { kind: 'budget' } });
  });

  it('is none where the rate is inside another operator', async () => {
    const within = pipe(
      s.gradient(),
      s.skipWhen(() => false, pipe(s.momentum(0.9), s.learningRate(1e-4))),
    );
    expect(await trained(within)).toMatchObject({ outcome: { kind: 'budget' } });
  });
});

describe('a problem that is none', () => {
  it.each<[string, unknown, string]>([
    ['a function', () => 1, 'fromLoss({ name, parameters, loss, batches }) makes a loss one'],
    ['a test function', rosenbrock(2), 'fromFunction(…) makes a function with name and start one'],
    ['a model by its loss', { name: 'm', parameters: () => ({}), loss: () => 0 }, 'fromLoss(…) makes it one'],
    ['a model of layers', tf.sequential(), 'fromLayers(model, loss) makes it one'],
    ['nothing', undefined, 'got undefined'],
    ['a promise of one', Promise.resolve(problem), 'got Promise'],
  ])('%s: names the way', async (_, of, message) => {
    const failure = await trained(pipe(s.gradient(), s.lifted(adam())), of === undefined ? null : of).catch(
      (error) => error,
    );
    expect(failure.message).toContain(
      'train(problem): expected a problem such as classification(mlp([784, 10])), got ',
    );
    if (of !== undefined) expect(failure.message).toContain(message);
  });
});

describe('a loss that does not depend on its parameters', () => {
  const ways: readonly [string, (w: tf.Tensor) => tf.Tensor][] = [
    ['a constant', () => tf.scalar(3)],
    ['read to the host', (w) => tf.sum(tf.tensor1d([...w.dataSync()]))],
    ['by what has no gradient', (w) => tf.cast(tf.argMax(w), 'float32')],
  ];
  const message =
    'expected a loss made of its parameters by operations of TensorFlow.js, got one that depends on none';

  it.each(ways)('is told at the first step: %s', async (_, loss) => {
    const model = fromLoss({
      name: 'model',
      parameters: () => ({ w: tf.tensor1d([1, 2]) }),
      loss: ({ w }) => loss(w),
      batches: () => [],
    });
    const before = tf.memory().numTensors;
    await expect(trained(pipe(s.gradient(), s.lifted(adam())), model, [1, 2])).rejects.toThrow(
      `step 0, gradient: valueAndGradient(f): ${message}`,
    );
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
    const flat = flattenedLoss(({ w }) => loss(w), { w: tf.tensor1d([1, 2]) });
    expect(() => minimize(flat, [1, 2], bfgs())).toThrow(message);
    const w = tf.variable(tf.tensor1d([1, 2]));
    expect(() => asOptimizer(adam()).minimize(() => loss(w) as tf.Scalar, false, [w])).toThrow(message);
  });

  it('may leave one of them out', async () => {
    const model = fromLoss({
      name: 'model',
      parameters: () => ({ w: tf.tensor1d([1, 2]), unused: tf.scalar(1) }),
      loss: ({ w }) => tf.sum(tf.square(w)),
      batches: () => [],
    });
    const last = await trained(pipe(s.gradient(), s.lifted(adam())), model, [1, 2]);
    expect(last).toMatchObject({ outcome: { kind: 'budget' } });
  });

  it('is told of plain functions, whose gradient is then 0 at once', () => {
    const { outcome } = minimize({ value: () => 3 }, [1, 2], bfgs());
    expect(outcome.message).toBe(
      'the gradient is 0 at the start: a minimum, a saddle, or a function that does not depend on x',
    );
  });
});

describe('parameters that somebody disposed', () => {
  const w = () => tf.tensor1d([1, 2]);
  it.each<[string, () => tf.Tensor, (w: tf.Tensor) => tf.Tensor, string]>([
    [
      'before the run',
      () => {
        const gone = w();
        gone.dispose();
        return gone;
      },
      tf.sum,
      'model.parameters(w): expected a tensor, got one that was disposed; make new ones for each run',
    ],
    [
      'inside the loss',
      w,
      (x) => {
        const sum = tf.sum(x);
        x.dispose();
        return sum;
      },
      'the parameters were disposed, by the loss or by another run',
    ],
  ])('are named: %s', async (_, parameters, loss, message) => {
    const model = fromLoss({
      name: 'model',
      parameters: () => ({ w: parameters() }),
      loss: ({ w }) => loss(w),
      batches: () => [],
    });
    await expect(trained(pipe(s.gradient(), s.lifted(adam())), model, [1, 2])).rejects.toThrow(message);
  });
});
