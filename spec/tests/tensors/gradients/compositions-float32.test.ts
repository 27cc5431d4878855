import { fc } from '@fast-check/vitest';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/index.js';
import { useBackend } from '../../../../src/tensors/index.js';
import { inFloat64 } from './backends.js';
import { type Composition, compositions, compute } from './compositions.js';
import { derivatives, drawn } from './derivatives.js';

const ε = 2 ** -23;

/**
 * Law 78 in float32, class K: values, gradients and products are those of float64 within 30·n·κ·ε, n the steps.
 * κ is measured: how far the float64 numbers move when the inputs and what each step makes of them do by ε of
 * themselves, one way and another, since rounding spoils what should cancel; where a hair moves them by a thousandth,
 * nothing is asked.
 */
async function holds(backend: 'cpu' | 'wasm', composition: Composition): Promise<boolean> {
  const { steps } = composition;
  const op = (shaken?: (y: tf.Tensor) => tf.Tensor) => ({
    name: steps.map(({ step }) => step).join(', '),
    inputs: [{ shape: composition.shape }],
    compute: (_: typeof tf, x: tf.Tensor) => compute(tf, composition, x, shaken),
  });
  const random = new Random(7);
  const [[x], [v], deviates] = [drawn(op(), random), drawn(op(), random, true), random.normals(128)];
  const numbers = (entries: number[], shaken?: (y: tf.Tensor) => tf.Tensor) => {
    const { value, gradient, product } = derivatives(tf, op(shaken), new Random(3))([entries], [v]);
    return [[value], gradient, product];
  };
  const hairs = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => 1 + Math.sign(deviates[from + i]) * ε);
  await tf.setBackend('cpu');
  const wanted = inFloat64(() => numbers(x));
  const moved = [0, 64].map((from) =>
    inFloat64(() => {
      const own = hairs(from, x.length);
      const shaken = (y: tf.Tensor) =>
        y.dtype === 'float32' ? tf.mul(y, tf.tensor(hairs(from, y.size), y.shape)) : y;
      return numbers(
        x.map((entry, i) => entry * own[i]),
        shaken,
      );
    }),
  );
  await tf.setBackend(backend);
  const largest = Math.max(...wanted.flat().map(Math.abs));
  const before = tf.memory().numTensors;
  const found = numbers(x);
  return (
    tf.memory().numTensors === before &&
    wanted.every((entries, k) => {
      const own = Math.max(...entries.map(Math.abs), ...wanted[1].map(Math.abs));
      // Of what cancels within a step, less than a thousandth is left: rounding there is not seen from outside.
      const most = own < largest / 1e3 ? largest : own;
      const shift = Math.max(...moved.flatMap((at) => entries.map((entry, i) => Math.abs(entry - at[k][i]))));
      const tolerance = 30 * steps.length * (shift + ε * most);
      return (
        tolerance > 1e-3 * most || entries.every((entry, i) => Math.abs(entry - found[k][i]) <= tolerance)
      );
    })
  );
}

describe.each(['cpu', 'wasm'] as const)('random compositions on %s', (backend) => {
  it('have the derivatives of float64', async () => {
    await useBackend('cpu');
    await useBackend(backend);
    const property = fc.asyncProperty(compositions, (composition) => holds(backend, composition));
    await fc.assert(property, { numRuns: 150, seed: 78 });
    expect(tf.getBackend()).toBe(backend);
  });
});
