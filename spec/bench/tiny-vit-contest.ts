import * as tf from '@tensorflow/tfjs';
import { Random } from '../../src/index.js';
import { classification, tensors, tinyVit } from '../../src/tensors/index.js';

/** Noise and labels, the same each time. */
export function vitBatch(examples: number) {
  const random = new Random(1);
  return {
    inputs: tensors.array(random.uniforms(examples * 3_072), [examples, 3_072]),
    labels: tf.tensor1d(
      Array.from({ length: examples }, () => random.integer(10)),
      'int32',
    ),
    seed: 1,
  };
}

/** A gradient of TinyViT at batch 128, on whatever backend is in use; of ours where it is repaired, else of stock's. */
export function tinyVitGradient(dropout: number): () => void {
  const problem = classification(tinyVit({ dropout }));
  const parameters = problem.start(new Random(1));
  const batch = vitBatch(128);
  return () => tf.tidy(() => void problem.valueAndGradient(parameters, batch));
}
