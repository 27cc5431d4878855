import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../../src/index.js';
import { repairGradients, useBackend } from '../../../../src/tensors/index.js';
import { agree } from './backends.js';
import { type Derivatives, derivatives, drawn } from './derivatives.js';
import { families, type Op } from './ops.js';

/* Backends that keep their numbers elsewhere (native, graphics cards) have no window kernels of ours. */
const kernels = ['FluxionPatches', 'FluxionFold', 'FluxionLargest'];
const ops = [...families.convolutions, ...families.poolings];
const wanted = new Map<Op, Derivatives>();

const measured = (op: Op) => {
  const random = new Random(7);
  const [x, v] = [drawn(op, random), drawn(op, random, true)];
  return derivatives(tf, op, new Random(3))(x, v);
};

beforeAll(async () => {
  await useBackend('cpu');
  for (const op of ops) wanted.set(op, measured(op));
  for (const kernel of kernels) tf.unregisterKernel(kernel, 'cpu');
});
afterAll(() => {
  repairGradients();
});

describe('windows composed of stock operations give the same derivatives', () => {
  it.each(ops.map((op): [string, Op] => [op.name, op]))('%s', (_, op) => {
    const before = tf.memory().numTensors;
    const { value, gradient, product } = measured(op);
    const kernel = wanted.get(op)!;
    expect(agree(op, [value], [kernel.value])).toBe(true);
    expect(agree(op, gradient, kernel.gradient)).toBe(true);
    expect(agree(op, product, kernel.product)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getKernel(kernels[0], 'cpu')).toBeUndefined();
  });
});
