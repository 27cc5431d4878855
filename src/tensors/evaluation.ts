import type * as tf from '@tensorflow/tfjs';
import type { Examples } from '../objective/problem.js';
import type { Batch } from './batch.js';
import { tensors } from './tensors.js';

/** How many examples are on the device at a time. */
const chunk = 2_000;

/** The sums over all examples of what `measure` gives, as 0-d tensors, for a part of them. */
export function overChunks(
  examples: Examples<Batch>,
  measure: (batch: Batch) => readonly tf.Tensor[],
): number[] {
  const sums: number[] = [];
  for (let first = 0; first < examples.size; first += chunk) {
    const count = Math.min(chunk, examples.size - first);
    const batch = examples.batch(Int32Array.from({ length: count }, (_, i) => first + i));
    try {
      const parts = tensors.scope(() => measure(batch).map((part) => part.dataSync()[0]));
      for (let i = 0; i < parts.length; i++) sums[i] = (sums[i] ?? 0) + parts[i];
    } finally {
      examples.release(batch);
    }
  }
  return sums;
}
