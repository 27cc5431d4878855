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
 * κ is measured: how far the float64 numbers move when the inputs do by ε of themselves; where a hair moves
 * them by a thousandth, nothing is asked.
 */
async function holds(backend: 'cpu' | 'wasm', composition: Composition): Promise<boolean> {
  const { steps } = composition;
  const op = {
    name: steps.map(({ step }) => step).join(', '),
    inputs: [{ shape: composition.shape }],
    compute: (_: typeof tf, x: tf.Tensor) => compute(tf, composition, x),
  };
  const random = new Random(7);
  const [[x], [v], signs] = [drawn(op, random), drawn(op, random, true), random.normals(64)];
  const at = derivatives(tf, op, new Random(3));
  const numbers = (entries: number[]) => {
    const { value, gradient, product } = at([entries], [v]);
    return [[value], gradient, product];
  };
  await tf.setBackend('cpu');
  const wanted = inFloat64(() => numbers(x));
  const moved = inFloat64(() => numbers(x.map((entry, i) => entry * (1 + Math.sign(signs[i]) * ε))));
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const found = numbers(x);
  return (
    tf.memory().numTensors === before &&
    wanted.every((entries, k) => {
      const most = Math.max(...entries.map(Math.abs), ...wanted[1].map(Math.abs));
      const shift = Math.max(...entries.map((entry, i) => Math.abs(entry - moved[k][i])));
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
