import type { Tf } from './gradient.js';
import type { Replace } from './replace.js';

/**
 * What reductions make of no entries, on every backend: NaN for the largest, the least and the mean, and what changes
 * nothing for sums, products and conditions. Stock, the WebAssembly backend reads stray memory, and the CPU's mean of nothing is 0
 * and not all of nothing is true.
 */
export function reduceNothing(tf: Tf, replace: Replace): void {
  for (const [name, axes, ofNothing] of [
    [tf.Max, 'reductionIndices', Number.NaN],
    [tf.Min, 'axis', Number.NaN],
    [tf.Mean, 'axis', Number.NaN],
    [tf.Sum, 'axis', 0],
    [tf.Prod, 'axis', 1],
    [tf.All, 'axis', true],
    [tf.Any, 'axis', false],
  ] as const) {
    replace(name, (stock) => (call) => {
      const { x } = call.inputs;
      if (x.shape.every((size) => size > 0)) return stock(call);
      const reduced = tf.util.parseAxisParam(call.attrs[axes] as number[], x.shape);
      const kept = x.shape.map((size, axis) => (reduced.includes(axis) ? 1 : size));
      const shape = call.attrs.keepDims ? kept : kept.filter((_, axis) => !reduced.includes(axis));
      return typeof ofNothing === 'boolean'
        ? tf.fill(shape, Number(ofNothing), 'bool')
        : tf.fill(shape, ofNothing);
    });
  }
}
