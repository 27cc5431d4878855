import * as tf from '@tensorflow/tfjs';
import { adam, kfac, kfacFixed, type Method, shampoo, soap } from '../../src/index.js';
import { asOptimizer, mnist, useBackend } from '../../src/tensors/index.js';

const [training, testing, batchSize, epochs] = [4_096, 2_000, 64, 3];

/** Two convolutions and a dense layer on the digits of MNIST, 5,386 parameters. */
function convolutional(): tf.Sequential {
  const seeded = (seed: number) => tf.initializers.heNormal({ seed });
  return tf.sequential({
    layers: [
      tf.layers.reshape({ targetShape: [28, 28, 1], inputShape: [784] }),
      tf.layers.conv2d({
        filters: 8,
        kernelSize: 5,
        strides: 2,
        activation: 'relu',
        kernelInitializer: seeded(1),
      }),
      tf.layers.conv2d({
        filters: 16,
        kernelSize: 3,
        strides: 2,
        activation: 'relu',
        kernelInitializer: seeded(2),
      }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: seeded(3) }),
    ],
  });
}

/** Adam, Shampoo and SOAP at one rate, K-FAC as it comes. */
const methods: Readonly<Record<string, () => Method>> = {
  'adam(learningRate=0.003)': () => adam({ learningRate: 0.003 }),
  'shampoo(learningRate=0.003)': () => shampoo({ learningRate: 0.003 }),
  'soap(learningRate=0.003)': () => soap({ learningRate: 0.003 }),
  'kfacFixed()': () => kfacFixed(),
  'kfac()': () => kfac(),
};

/**
 * `model.fit` on a convolutional network by K-FAC, Shampoo and SOAP against Adam: the same start and batches, one line
 * changed.
 *
 *   npm run bench -- fit
 */
export async function bench(): Promise<void> {
  await useBackend();
  const [train, test] = [await mnist('train'), await mnist('test')];
  const of = (examples: typeof train, count: number) => {
    const { inputs, labels } = examples.batch(Int32Array.from({ length: count }, (_, i) => i));
    return [inputs, tf.oneHot(labels as tf.Tensor1D, 10).toFloat()] as const;
  };
  const [x, y] = of(train, training);
  const [testX, testY] = of(test, testing);
  console.log(
    `| in \`compile\` | ${Array.from({ length: epochs }, (_, k) => `epoch ${k + 1}`).join(' | ')} | ms/batch |`,
  );
  console.log(`|---|${'---|'.repeat(epochs + 1)}`);
  for (const [name, create] of Object.entries(methods)) {
    const model = convolutional();
    model.compile({
      optimizer: asOptimizer(create()),
      loss: 'categoricalCrossentropy',
      metrics: ['accuracy'],
    });
    const times: number[] = [];
    let begun = 0;
    const { history } = await model.fit(x, y, {
      batchSize,
      epochs,
      shuffle: false,
      verbose: 0,
      validationData: [testX, testY],
      callbacks: {
        onBatchBegin: async () => void (begun = performance.now()),
        onBatchEnd: async () => void times.push(performance.now() - begun),
      },
    });
    const median = times.toSorted((a, b) => a - b)[times.length >> 1];
    const cells = (history.val_loss as number[]).map(
      (loss, k) => `${loss.toFixed(3)} · ${(100 * (history.val_acc as number[])[k]).toFixed(1)} %`,
    );
    console.log(`| \`${name}\` | ${cells.join(' | ')} | ${median.toFixed(0)} |`);
    model.dispose();
  }
}
