import type { Examples } from '../../../src/objective/index.js';
import { autoencoder, kernelsInUse, mnist, reconstruction } from '../../../src/tensors/index.js';
import { batches } from '../../../streams/index.js';
import type { ModelSetting } from './setting.js';

/** Rates tuned by hand for this network and batches of 1,000; K-FAC finds its own. */
const methods = ['kfac', 'muon(learningRate=0.02)', 'adam(learningRate=0.001)'].join(',');

/**
 * The deep autoencoder on MNIST that second-order methods are measured on: 784-1000-500-250-30 and back, with a ridge
 * of 10⁻⁵. The squared error is that of the first 10,000 images trained on, told every 10 steps.
 *
 * Source: Hinton and Salakhutdinov 2006; Martens and Grosse 2015, section 13.
 */
export async function autoencoderProblem(batch = 1_000, backend: string): Promise<ModelSetting> {
  const [train, test] = await Promise.all([mnist('train'), mnist('test')]);
  batches(train, { size: batch, seed: 0 }); // says at once where the size is wrong
  const setting = {
    kind: 'model' as const,
    name: 'autoencoder',
    asked: 'autoencoder',
    problem: reconstruction(autoencoder([784, 1_000, 500, 250, 30]), {
      ridge: 1e-5,
      measured: first(train, 10_000),
      test,
    }),
    source: (seed: number) => batches(train, { size: batch, seed, replacement: true }),
    batch,
    backend,
    kernels: kernelsInUse(),
    defaults: { methods, steps: 200 },
    evaluateEvery: 10,
    checkpointEvery: 50,
  };
  return setting as ModelSetting;
}

function first<B>(examples: Examples<B>, size: number): Examples<B> {
  return { ...examples, size };
}
