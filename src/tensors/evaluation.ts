import type * as tf from '@tensorflow/tfjs';
import { type Domain, type Option, option, workedOut } from '../algebra/option.js';
import type { Examples } from '../objective/problem.js';
import type { Batch } from './batch.js';
import { tensors } from './tensors.js';

/** How many examples are on the device at a time. */
const chunk = 2_000;

/** The option of examples on which a problem is evaluated, and nothing by itself. */
export function examplesNotTrainedOn(answers: string): Option<Examples<Batch>> {
  const examples: Domain = {
    kind: 'like',
    what: "examples, such as mnist('test')",
    includes: (value) => {
      const { size, batch } = (value ?? {}) as { readonly [name: string]: unknown };
      return typeof size === 'number' && typeof batch === 'function';
    },
  };
  const meaning = `examples not trained on: \`evaluate\` gives ${answers} over all of them`;
  return workedOut(option<Examples<Batch>>(undefined as never, examples, meaning), 'none');
}

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
