import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, pipe, tap } from 'rxjs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  adahessian,
  adam,
  kfac,
  kfacFixed,
  lars,
  type Method,
  momentum,
  newton,
  soap,
} from '../../../src/index.js';
import { asOptimizer, type Batch, fromLayers, tensors, useBackend } from '../../../src/tensors/index.js';
import { chain, learningRate, type Transform } from '../../../src/transforms/index.js';
import { type Frame, gradient, lifted, train } from '../../../streams/index.js';

beforeAll(async () => void (await useBackend('cpu')));

const inputs = () =>
  tf.tensor2d(Array.from({ length: 12 }, (_, i) => [Math.sin(i), Math.cos(3 * i), (i % 5) / 5]));
const classes = () =>
  tf.tidy(() => tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1, 2, 1, 1, 0], 'int32'), 3).toFloat());

function classifier(): tf.Sequential {
  const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [
      tf.layers.dense({
        units: 4,
        activation: 'tanh',
        inputShape: [3],
        kernelInitializer: initializer(1),
        name: `hidden${next++}`,
      }),
      tf.layers.dense({
        units: 3,
        activation: 'softmax',
        kernelInitializer: initializer(2),
        name: `out${next++}`,
      }),
    ],
  });
}
let next = 0;
/** The first layer's. */
const frozenOf = (model: tf.LayersModel) =>
  model.layers[0].getWeights().map((weight) => [...weight.dataSync()]);
const numbers = (model: tf.LayersModel) => model.getWeights().map((weight) => [...weight.dataSync()]);
const taught = (model: tf.LayersModel, epochs = 3) =>
  model.fit(inputs(), classes(), { epochs, batchSize: 4, shuffle: false, verbose: 0 });

/** Batches of four in order, as `fit` makes them. */
function* epochs(count: number): Generator<Batch> {
  for (let epoch = 0; epoch < count; epoch++) {
    for (let i = 0; i < 12; i += 4) {
      yield { inputs: inputs().slice([i, 0], [4, 3]), labels: classes().slice([i, 0], [4, 3]) };
    }
  }
}

const methods: Record<string, () => Method> = {
  momentum: () => momentum({ learningRate: 0.1 }),
  adam: () => adam({ learningRate: 0.01 }),
  lars: () => lars({ learningRate: 0.1 }),
  soap: () => soap(),
  adahessian: () => adahessian({ learningRate: 0.01 }),
  kfacFixed: () => kfacFixed(),
  kfac: () => kfac(),
};

/** Tensors left alive once an optimizer that has trained is disposed of. */
async function leftBehind(optimizer: tf.Optimizer): Promise<number> {
  const model = classifier();
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const before = tf.memory().numTensors;
  await taught(model, 1);
  optimizer.dispose();
  return tf.memory().numTensors - before - 2; // the data of the fit
}

test('law 66: a disposal that forgets its state and does not free it is found', async () => {
  const leaking = asOptimizer(momentum({ learningRate: 0.1 }));
  leaking.dispose = () => undefined;
  expect(await leftBehind(leaking)).toBeGreaterThan(0);
  expect(await leftBehind(asOptimizer(momentum({ learningRate: 0.1 })))).toBe(0);
});

describe.each(Object.entries(methods))('law 91: %s', (_, create) => {
  test('in fit makes the parameters that the pipeline makes on the same batches, bit for bit', async () => {
    const model = classifier();
    const problem = fromLayers(model, 'categoricalCrossentropy');
    const frames = train(problem, epochs(3), pipe(gradient(), lifted(create())), { steps: 9 });
    let last: { [name: string]: number[] } = {};
    const noted = tap<Frame<tf.Tensor>>(({ nextParameters }) => {
      const record = Object.entries(nextParameters as { [name: string]: tf.Tensor });
      last = Object.fromEntries(record.map(([name, leaf]) => [name, [...leaf.dataSync()]]));
    });
    await lastValueFrom(frames.pipe(noted));
    const before = numbers(model);
    model.compile({ optimizer: asOptimizer(create()), loss: 'categoricalCrossentropy' });
    await taught(model);
    const trained = numbers(model);
    expect(trained).not.toEqual(before);
    const expected = model.trainableWeights.map(({ name }) => last[name]);
    expect(trained).toEqual(expected);
  });

  test('leaves no tensor behind past its first step, and ends with none of its own', async () => {
    const model = classifier();
    const optimizer = asOptimizer(create());
    model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const before = tf.memory().numTensors;
    await taught(model, 1);
    const [tensorsThen, buffers] = [tf.memory().numTensors, tf.memory().numDataBuffers];
    const [x, y] = [inputs(), classes()];
    await model.fit(x, y, { epochs: 2, batchSize: 4, shuffle: false, verbose: 0 });
    tf.dispose([x, y]);
    expect([tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual([tensorsThen, buffers]);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before + 2); // the data of the first fit
  });

  test('goes on from its saved state as if it had never stopped', async () => {
    const whole = classifier();
    whole.compile({ optimizer: asOptimizer(create()), loss: 'categoricalCrossentropy' });
    await taught(whole, 4);
    const model = classifier();
    model.compile({ optimizer: asOptimizer(create()), loss: 'categoricalCrossentropy' });
    await taught(model, 2);
    let saved: tf.io.ModelArtifacts | undefined;
    const handler = tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    });
    await model.save(handler, { includeOptimizer: true });
    model.dispose();
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    await taught(loaded, 2);
    expect(numbers(loaded)).toEqual(numbers(whole));
  });
});

test('frozen layers stay, and the metrics of fit are those of a plain optimizer', async () => {
  const [ours, plain] = [classifier(), classifier()];
  for (const model of [ours, plain]) model.layers[0].trainable = false;
  const frozen = frozenOf(ours);
  ours.compile({
    optimizer: asOptimizer(chain(learningRate(0.1))),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  plain.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const [history, expected] = [await taught(ours), await taught(plain)];
  expect(frozenOf(ours)).toEqual(frozen);
  expect(Object.keys(history.history).sort()).toEqual(['acc', 'loss']);
  (history.history.loss as number[]).forEach((loss, i) => {
    expect(Math.abs(loss - (expected.history.loss[i] as number))).toBeLessThan(1e-5);
  });
});

test('minimizes a closure over variables', () => {
  const x = tf.variable(tf.tensor1d([3, -2]), true, 'closure/x');
  const optimizer = asOptimizer(newtonMethod());
  optimizer.minimize(() => tf.sum(tf.mul(tf.tensor1d([1, 10]), tf.square(x))) as tf.Scalar, false, [x]);
  expect([...x.dataSync()].map((value) => Math.abs(value) < 1e-6)).toEqual([true, true]);
});

test('a loss that is not finite changes nothing, is named, and ends fit', async () => {
  const model = classifier();
  const optimizer = asOptimizer(momentum({ learningRate: 0.1 }));
  model.compile({ optimizer, loss: (_: tf.Tensor, z: tf.Tensor) => tf.log(tf.sub(z, 2)) });
  const before = numbers(model);
  await taught(model, 2);
  expect(numbers(model)).toEqual(before);
  expect(optimizer.outcome).toMatchObject({ kind: 'nonFinite', step: 0 });
});

test('misuse is told', () => {
  expect(() => asOptimizer({} as Transform)).toThrow('asOptimizer(method): expected a method such as adam()');
  const needing: Transform = { ...newtonMethod(), name: 'needing', needs: ['layers'] };
  const x = tf.variable(tf.scalar(1), true, 'misuse/x');
  expect(() => asOptimizer(needing).minimize(() => tf.square(x) as tf.Scalar, false, [x])).toThrow(
    'needing(model): expected one that answers layers: compile a model with losses whose curvature is known',
  );
  const whole = tf.variable(tf.tensor1d([1, 2], 'int32'), true, 'misuse/whole');
  const square = () => tf.add(tf.sum(tf.square(tf.cast(whole, 'float32'))), tf.square(x)) as tf.Scalar;
  expect(() => asOptimizer(newtonMethod()).minimize(square, false, [x, whole])).toThrow(
    'asOptimizer(misuse/whole): expected a float32 variable, got one of dtype int32',
  );
  asOptimizer(momentum({ learningRate: 0.25 })).minimize(square, false); // whole numbers are no parameters by themselves
  expect([...whole.dataSync(), ...x.dataSync()]).toEqual([1, 2, 0.5]);
  expect(() => fromLayers(classifier(), 'unknown')).toThrow("expected a loss of tfjs-layers, got 'unknown'");
  expect(tensors.live()).toBeGreaterThan(0);
});

function newtonMethod(): Method {
  return newton({ learningRate: 1 }) as Method;
}
