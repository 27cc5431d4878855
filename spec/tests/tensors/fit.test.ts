import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, pipe, tap } from 'rxjs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  adam,
  batchGaussNewton,
  fisherAdam,
  kfac,
  kfacFixed,
  type Method,
  methodsIn,
  momentum,
  shampoo,
  soap,
} from '../../../src/index.js';
import { asOptimizer, type Batch, fromLayers, useBackend } from '../../../src/tensors/index.js';
import { chain, learningRate } from '../../../src/transforms/index.js';
import { type Frame, gradient, lifted, train } from '../../../streams/index.js';

beforeAll(async () => void (await useBackend('cpu')));

let next = 0;
const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
const dense = (units: number, activation: 'tanh' | 'softmax' | 'linear', seed: number) =>
  tf.layers.dense({ units, activation, kernelInitializer: seeded(seed), name: `layer${next++}` });

const inputs = () => tf.tensor2d(Array.from({ length: 12 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]));
const classes = () => tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1, 2, 1, 1, 0], 'int32'), 3).toFloat();

/** Small, with a layer that has no activation, so that every method's curvature has something to hold. */
function classifier(): tf.LayersModel {
  const x = tf.input({ shape: [2] });
  const hidden = dense(4, 'tanh', 1).apply(x) as tf.SymbolicTensor;
  return tf.model({ inputs: x, outputs: dense(3, 'softmax', 2).apply(hidden) as tf.SymbolicTensor });
}
const numbers = (model: tf.LayersModel) => model.getWeights().map((weight) => [...weight.dataSync()]);

function* batchesOf(epochs: number): Generator<Batch> {
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = 0; i < 12; i += 4) {
      yield { inputs: inputs().slice([i, 0], [4, 2]), labels: classes().slice([i, 0], [4, 3]) };
    }
  }
}

const fitted = (model: tf.LayersModel, epochs: number, more: tf.ModelFitArgs = {}) =>
  model.fit(inputs(), classes(), { epochs, batchSize: 4, shuffle: false, verbose: 0, ...more });

async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await model.save(handler, { includeOptimizer: true });
  return tf.loadLayersModel(tf.io.fromMemory(saved!));
}

// Undamped, Newton's method leaps where the Hessian of a softmax is nearly singular.
const every = [...methodsIn('train').values()].filter(({ name }) => name !== 'newton');

describe.each(every.map(({ name, create }) => [name, create as () => Method] as const))(
  'law 91 for every method: %s',
  (_, create) => {
    test('in fit, saved and loaded half-way, makes the parameters of a pipeline on the same batches', async () => {
      const model = classifier();
      const frames = train(
        fromLayers(model, 'categoricalCrossentropy'),
        batchesOf(2),
        pipe(gradient(), lifted(create())),
        { steps: 6 },
      );
      let last: Record<string, number[]> = {};
      const noted = tap<Frame<tf.Tensor>>(({ nextParameters }) => {
        const record = Object.entries(nextParameters as { [name: string]: tf.Tensor });
        last = Object.fromEntries(record.map(([name, leaf]) => [name, [...leaf.dataSync()]]));
      });
      await lastValueFrom(frames.pipe(noted));
      const before = numbers(model);
      model.compile({ optimizer: asOptimizer(create()), loss: 'categoricalCrossentropy' });
      await fitted(model, 1);
      const loaded = await reloaded(model);
      await fitted(loaded, 1);
      expect(numbers(loaded)).not.toEqual(before);
      expect(numbers(loaded)).toEqual(model.trainableWeights.map(({ name }) => last[name]));
    });
  },
);

test('callbacks hear of every batch and epoch, may end fit, and validation is computed', async () => {
  const heard: string[] = [];
  const model = classifier();
  model.compile({ optimizer: asOptimizer(kfac()), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const { history } = await fitted(model, 5, {
    validationData: [inputs(), classes()],
    callbacks: {
      onEpochBegin: async (epoch) => void heard.push(`epoch ${epoch}`),
      onBatchEnd: async (batch, logs) => void heard.push(`batch ${batch} ${typeof logs?.loss}`),
      onEpochEnd: async (epoch, logs) => {
        expect(Object.keys(logs!).sort()).toEqual(['acc', 'loss', 'val_acc', 'val_loss']);
        if (epoch === 1) model.stopTraining = true;
      },
    },
  });
  const epoch = ['batch 0 number', 'batch 1 number', 'batch 2 number'];
  expect(heard).toEqual(['epoch 0', ...epoch, 'epoch 1', ...epoch]);
  expect(history.val_loss).toHaveLength(2);
  const [first, second] = history.val_loss as number[];
  expect(second).toBeLessThan(first);
});

test('early stopping of tfjs-layers watches the validation loss', async () => {
  const model = classifier();
  model.compile({ optimizer: asOptimizer(momentum({ learningRate: 0 })), loss: 'categoricalCrossentropy' });
  const { epoch } = await fitted(model, 5, {
    validationData: [inputs(), classes()],
    callbacks: tf.callbacks.earlyStopping({ monitor: 'val_loss', patience: 1 }),
  });
  expect(epoch).toEqual([0, 1]);
});

test('frozen layers stay under K-FAC, Shampoo and SOAP, and the others move', async () => {
  for (const create of [kfac, shampoo, soap]) {
    const model = classifier();
    model.layers[1].trainable = false;
    model.compile({ optimizer: asOptimizer(create()), loss: 'categoricalCrossentropy' });
    const of = (layer: number) => model.layers[layer].getWeights().map((weight) => [...weight.dataSync()]);
    const [frozen, free] = [of(1), of(2)];
    await fitted(model, 2);
    expect(of(1)).toEqual(frozen);
    expect(of(2)).not.toEqual(free);
  }
});

describe('a model of two outputs', () => {
  function forked(): tf.LayersModel {
    const x = tf.input({ shape: [2] });
    const hidden = dense(4, 'tanh', 1).apply(x) as tf.SymbolicTensor;
    const outputs = [dense(3, 'softmax', 2), dense(2, 'linear', 3)];
    return tf.model({ inputs: x, outputs: outputs.map((layer) => layer.apply(hidden) as tf.SymbolicTensor) });
  }
  const loss = ['categoricalCrossentropy', 'meanSquaredError'];
  const taught = (model: tf.LayersModel) =>
    model.fit(inputs(), [classes(), inputs()], { epochs: 3, batchSize: 4, shuffle: false, verbose: 0 });

  test('trains as by the optimizer of TensorFlow.js that does the same', async () => {
    const [ours, plain] = [forked(), forked()];
    ours.compile({ optimizer: asOptimizer(chain(learningRate(0.1))), loss });
    plain.compile({ optimizer: tf.train.sgd(0.1), loss });
    const [own, expected] = [(await taught(ours)).history, (await taught(plain)).history];
    expect(Object.keys(own).length).toBe(3); // the sum, and each
    for (const name of Object.values(own).keys()) {
      const [a, b] = [Object.values(own)[name], Object.values(expected)[name]] as number[][];
      a.forEach((value, i) => void expect(Math.abs(value - b[i])).toBeLessThan(1e-5));
    }
  });

  test.each([
    adam,
    shampoo,
    soap,
    kfac,
    kfacFixed,
    () => batchGaussNewton({ by: 'lowRank' }),
    () => batchGaussNewton({ fisher: 'sampled', by: 'lowRank' }),
    () => fisherAdam({ learningRate: 0.01 }),
  ])('trains by %s, and leaves nothing behind', async (create) => {
    const model = forked();
    model.compile({ optimizer: asOptimizer(create()), loss });
    const [x, y] = [inputs(), [classes(), inputs()]];
    const learnt = () => model.fit(x, y, { epochs: 3, batchSize: 4, shuffle: false, verbose: 0 });
    const { history } = await learnt();
    const total = history.loss as number[];
    expect(total.at(-1)).toBeLessThan(total[0]);
    const before = tf.memory().numTensors;
    await learnt();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('says which output tells no curvature, and why', async () => {
    const hinged = forked();
    hinged.compile({ optimizer: asOptimizer(kfac()), loss: ['categoricalCrossentropy', 'hinge'] });
    const [, second] = hinged.outputNames;
    await expect(taught(hinged)).rejects.toThrow(
      `kfac(model): expected one that answers layers and linearized: output '${second}' has a loss whose curvature is not known, hinge`,
    );
    const single = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], name: 'only' })] });
    single.compile({ optimizer: asOptimizer(kfac()), loss: 'hinge' });
    await expect(single.fit(inputs(), inputs(), { verbose: 0 })).rejects.toThrow(
      "output 'only' has a loss whose curvature is not known, hinge",
    );
    const x = tf.input({ shape: [2] });
    const steps = tf.layers
      .reshape({ targetShape: [1, 2], name: 'steps' })
      .apply(dense(2, 'linear', 3).apply(x));
    const model = tf.model({
      inputs: x,
      outputs: [dense(3, 'softmax', 2).apply(x), steps] as tf.SymbolicTensor[],
    });
    model.compile({ optimizer: asOptimizer(kfac()), loss });
    const y = [classes(), inputs().reshape([-1, 1, 2])];
    await expect(model.fit(inputs(), y, { verbose: 0 })).rejects.toThrow(
      "output 'steps' has several terms an example, [1, 2]",
    );
  });
});
