import { classification, kernelsInUse, mlp, mnist } from '../../../src/tensors/index.js';
import { batches } from '../../../streams/index.js';
import type { ModelSetting } from './setting.js';

/** Rates tuned by hand for this network and batches of 128: each method reaches 97 % within 1,500 steps. */
const methods = [
  'gradientDescent(learningRate=0.5)',
  'momentum(learningRate=0.1)',
  'nesterov(learningRate=0.1)',
  'rmsprop(learningRate=0.002)',
  'adam(learningRate=0.002)',
  'adamw(learningRate=0.002)',
].join(',');

/** A multilayer perceptron on MNIST: 60,000 images to train on, 10,000 to test on every 100 steps. */
export async function mnistProblem(batch: number, backend: string): Promise<ModelSetting> {
  const [train, test] = await Promise.all([mnist('train'), mnist('test')]);
  batches(train, { size: batch, seed: 0 }); // says at once where the size is wrong
  const setting = {
    kind: 'model' as const,
    name: 'mnist',
    asked: 'mnist',
    problem: classification(mlp([784, 128, 64, 10]), { test }),
    source: (seed: number) => batches(train, { size: batch, seed }),
    batch,
    backend,
    kernels: kernelsInUse(),
    defaults: { methods, steps: 1_500 },
    evaluateEvery: 100,
    checkpointEvery: 100,
  };
  return setting as ModelSetting;
}
