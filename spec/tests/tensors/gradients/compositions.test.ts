import { fc } from '@fast-check/vitest';
import { beforeAll, expect, it } from 'vitest';
import { type Composition, compositions, compute, steps } from './compositions.js';
import type { Op } from './ops.js';

/* In float64: see float64.test.ts. */
globalThis.Float32Array = Float64Array as unknown as Float32ArrayConstructor;
const tf = await import('@tensorflow/tfjs');
const { Random } = await import('../../../../src/index.js');
const { repairGradients, useBackend } = await import('../../../../src/tensors/index.js');
const { derivatives, drawn } = await import('./derivatives.js');

const ε = 2 ** -52;
const h = ε ** (1 / 3);
const runs = { numRuns: 400, seed: 78, endOnFailure: false } as const;

beforeAll(() => useBackend('cpu'));

const opOf = (composition: Composition): Op => ({
  name: composition.steps.map(({ step }) => step).join(', '),
  inputs: [{ shape: composition.shape }],
  compute: (_, x) => compute(tf, composition, x),
});

/**
 * Law 78. The truncation of a central difference is told by another one with twice the step, its rounding is
 * 16·n·ε·S/h with S the gradient's size: n steps in a row, each over as many entries as there may be.
 */
function holds(composition: Composition): boolean {
  const op = opOf(composition);
  const before = tf.memory().numTensors;
  const random = new Random(7);
  const [[x], [v], [u]] = [drawn(op, random), drawn(op, random, true), drawn(op, random, true)];
  const at = derivatives(tf, op, new Random(3));
  const moved = (t: number) => at([x.map((entry, i) => entry + t * v[i])], [v]);
  const { product, gradient } = at([x], [v]);
  const n = 64 * composition.steps.length;
  const [up, down, far, back] = [moved(h), moved(-h), moved(2 * h), moved(-2 * h)];
  const size = Math.max(...gradient.map(Math.abs), ...product.map(Math.abs), 1);
  const agree = product.every((entry, i) => {
    const near = (up.gradient[i] - down.gradient[i]) / (2 * h);
    const wide = (far.gradient[i] - back.gradient[i]) / (4 * h);
    return Math.abs(entry - near) <= Math.abs(near - wide) + (16 * n * ε * size) / h;
  });
  const slope = gradient.reduce((sum, g, i) => sum + g * v[i], 0);
  const [near, wide] = [(up.value - down.value) / (2 * h), (far.value - back.value) / (4 * h)];
  const sloped =
    Math.abs(slope - near) <= Math.abs(near - wide) + (16 * n * ε * (size + Math.abs(up.value))) / h;

  const other = at([x], [u]).product;
  const [uHv, vHu] = [product, other].map((p, k) => p.map((entry, i) => entry * [u, v][k][i]));
  const sum = (entries: number[]) => entries.reduce((total, entry) => total + entry, 0);
  const terms = sum([...uHv, ...vHu].map(Math.abs)) + size;
  const symmetric = Math.abs(sum(uHv) - sum(vHu)) <= 30 * n * ε * terms;
  return agree && sloped && symmetric && tf.memory().numTensors === before;
}

it('any composition has a Hessian-vector product that agrees with differences and is symmetric', () => {
  fc.assert(fc.property(compositions, holds), runs);
});

it.each(Object.keys(steps))('%s by itself', (step) => {
  fc.assert(
    fc.property(compositions, ({ shape, steps: [{ k }] }) => holds({ shape, steps: [{ step, k }] })),
    { numRuns: 8, seed: 78 },
  );
});

it('finds what stock gradients get wrong, and shrinks it to one operation', () => {
  const repair = repairGradients();
  repair.undo();
  try {
    const found = fc.check(
      fc.property(compositions, (composition) => {
        try {
          return holds(composition);
        } catch {
          return true; // refused: no wrong number
        }
      }),
      runs,
    );
    expect(found.failed).toBe(true);
    expect(found.counterexample![0].steps).toHaveLength(1);
  } finally {
    repairGradients();
  }
});
