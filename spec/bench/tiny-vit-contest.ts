import * as tf from '@tensorflow/tfjs';
import { Random } from '../../src/index.js';
import { classification, tensors, tinyVit } from '../../src/tensors/index.js';

/** A gradient of TinyViT at batch 128, on whatever backend is in use; of ours where it is repaired, else of stock's. */
export function tinyVitGradient(dropout: number): () => void {
  const examples = 128;
  const problem = classification(tinyVit({ dropout }));
  const random = new Random(1);
  const parameters = problem.start(random);
  const batch = {
    inputs: tensors.array(random.uniforms(examples * 3_072), [examples, 3_072]),
    labels: tf.tensor1d(
      Array.from({ length: examples }, () => random.integer(10)),
      'int32',
    ),
    seed: 1,
  };
  return () => tf.tidy(() => void problem.valueAndGradient(parameters, batch));
}
