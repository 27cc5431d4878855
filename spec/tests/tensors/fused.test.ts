import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/index.js';
import { useBackend, valueAndGradient } from '../../../src/tensors/index.js';
import { attention } from '../../../src/tensors/operations/attention.js';
import { dense } from '../../../src/tensors/operations/dense.js';
import { dropout } from '../../../src/tensors/operations/dropout.js';
import { gelu } from '../../../src/tensors/operations/gelu.js';
import { layerNorm } from '../../../src/tensors/operations/layer-norm.js';
import { seed } from '../../seed.js';

const ε = 2 ** -23;

/** One case: tensors of these shapes, what the operation gives, and the same naively in float64. */
interface Case {
  readonly shapes: readonly (readonly number[])[];
  ours(xs: tf.Tensor[]): tf.Tensor;
  naive(xs: readonly Float64Array[]): number[];
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const total = (terms: readonly number[]) => terms.reduce((sum, term) => sum + term, 0);

const softmaxOf = (scores: readonly number[]) => {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  return powers.map((power) => power / total(powers));
};

const cases: { readonly [name: string]: (rows: number, columns: number) => Case } = {
  layerNorm: (n, d) => ({
    shapes: [[n, d], [d], [d]],
    ours: ([x, scale, bias]) => layerNorm(x, scale, bias, 1e-2),
    naive: ([x, scale, bias]) =>
      range(n).flatMap((i) => {
        const row = x.subarray(i * d, (i + 1) * d);
        const mean = total([...row]) / d;
        const variance = total([...row].map((entry) => (entry - mean) ** 2)) / d;
        return range(d).map((j) => ((row[j] - mean) / Math.sqrt(variance + 1e-2)) * scale[j] + bias[j]);
      }),
  }),
  gelu: (n, d) => ({
    shapes: [[n, d]],
    ours: ([x]) => gelu(x),
    naive: ([x]) =>
      [...x].map((v) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)))),
  }),
  dense: (n, d) => ({
    shapes: [[n, d], [d, 3], [3]],
    ours: ([x, kernel, bias]) => dense(x, kernel, bias),
    naive: ([x, kernel, bias]) =>
      range(n).flatMap((i) =>
        range(3).map((j) => bias[j] + total(range(d).map((k) => x[i * d + k] * kernel[k * 3 + j]))),
      ),
  }),
  softmax: (n, d) => ({
    shapes: [[n, d]],
    ours: ([x]) => tf.softmax(x),
    naive: ([x]) => range(n).flatMap((i) => softmaxOf([...x.subarray(i * d, (i + 1) * d)])),
  }),
  attention: (n, d) => {
    const [tokens, heads] = [1 + (d % 5), 1 + (n % 2)];
    const width = heads * (1 + (d % 4));
    const own = width / heads;
    const examples = 2;
    const shape = [examples * tokens, width];
    return {
      shapes: [shape, shape, shape],
      ours: ([q, k, v]) => attention(q, k, v, { tokens, heads, rate: 0, seed: 0 }),
      naive: ([q, k, v]) => {
        const y = new Array<number>(examples * tokens * width);
        for (const e of range(examples)) {
          for (const h of range(heads)) {
            const at = (t: number, c: number) => (e * tokens + t) * width + h * own + c;
            for (const t of range(tokens)) {
              const scores = range(tokens).map(
                (s) => total(range(own).map((c) => q[at(t, c)] * k[at(s, c)])) / Math.sqrt(own),
              );
              const weights = softmaxOf(scores);
              for (const c of range(own))
                y[at(t, c)] = total(range(tokens).map((s) => weights[s] * v[at(s, c)]));
            }
          }
        }
        return y;
      },
    };
  },
};

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 5 }),
  columns: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 19, 33)),
  start: fc.integer(),
});

/** Σ w∘f(x + Σ tᵢ·uᵢ) in float64. */
function along(
  { naive }: Case,
  xs: Float64Array[],
  w: Float64Array,
  ...moves: [number, Float64Array[]][]
): number {
  const moved = xs.map((x, k) =>
    x.map((entry, i) => moves.reduce((sum, [t, u]) => sum + t * u[k][i], entry)),
  );
  return total(naive(moved).map((entry, i) => w[i] * entry));
}

describe.each(['wasm', 'cpu'] as const)('fused operations on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend, backend === 'wasm' ? { threads: 2 } : {});
  });

  it.each(Object.keys(cases))('%s, its gradient and its Hessian-vector product are right', (name) => {
    fc.assert(
      fc.property(shapes, ({ rows, columns, start }) => {
        const made = cases[name](rows, columns);
        const random = new Random(start);
        const draw = () =>
          made.shapes.map((shape) =>
            Float64Array.from(random.normals(total([tf.util.sizeFromShape([...shape])])), Math.fround),
          );
        const [xs, u, v] = [draw(), draw(), draw()];
        const value = made.naive(xs);
        const w = Float64Array.from(random.normals(value.length), Math.fround);
        const before = tf.memory().numTensors;
        const [y, slope, bend] = tf.tidy(() => {
          const [x, s, t] = [xs, u, v].map((arrays) =>
            arrays.map((array, k) => tf.tensor(Float32Array.from(array), [...made.shapes[k]])),
          );
          const loss = (...given: tf.Tensor[]) => {
            const result = made.ours(given);
            return tf.sum(tf.mul(result, tf.tensor(Float32Array.from(w), result.shape)));
          };
          const into = (g: tf.Tensor[], direction: tf.Tensor[]) =>
            g.map((entry, k) => tf.sum(tf.mul(entry, direction[k]))).reduce((sum, term) => tf.add(sum, term));
          // Of a tree, where what does not matter has the gradient 0 (a bias, to a gradient).
          const of = (f: (...given: tf.Tensor[]) => tf.Tensor) => (given: tf.Tensor[]) =>
            valueAndGradient((tree) => f(...(tree as tf.Tensor[])), given).gradient as tf.Tensor[];
          const gradient = of(loss);
          const product = of((...given: tf.Tensor[]) => into(gradient(given), s))(x);
          return [
            made.ours(x).dataSync(),
            into(gradient(x), s).dataSync()[0],
            into(product, t).dataSync()[0],
          ];
        }) as unknown as [Float32Array, number, number];
        expect(tf.memory().numTensors).toBe(before);
        const scale = 1 + Math.max(...xs.flatMap((x) => [...x].map(Math.abs))) ** 3;
        value.forEach((want, i) => {
          expect(Math.abs(y[i] - want)).toBeLessThanOrEqual(64 * (columns + 8) * ε * scale);
        });
        const h = 1e-4;
        const first = (along(made, xs, w, [h, u]) - along(made, xs, w, [-h, u])) / (2 * h);
        const corner = (p: number, q: number) => along(made, xs, w, [p * h, u], [q * h, v]);
        const second = (corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / (4 * h * h);
        // Sums of so many terms, each a float32 of the size of the largest.
        const count = total(xs.map((x) => x.length)) + value.length;
        expect(Math.abs(slope - first)).toBeLessThanOrEqual(1e-5 * count * scale);
        expect(Math.abs(bend - second)).toBeLessThanOrEqual(1e-4 * count * scale);
      }),
      { seed, numRuns: 25 },
    );
  });

  it('dropout keeps by position and seed alone, scales, is linear, and keeps NaN', () => {
    tf.tidy(() => {
      const x = tf.ones([37, 29]);
      const y = dropout(x, 0.3, 11).dataSync();
      const kept = [...y].filter((entry) => entry !== 0);
      expect(Math.abs(kept.length / y.length - 0.7)).toBeLessThan(4 * Math.sqrt(0.21 / y.length));
      expect(kept.every((entry) => entry === Math.fround(1 / (1 - 0.3)))).toBe(true);
      expect(dropout(x, 0.3, 11).dataSync()).toEqual(y);
      expect(dropout(x, 0.3, 12).dataSync()).not.toEqual(y);
      expect(dropout(x, 0, 11)).toBe(x);
      const gradient = tf.grad((z: tf.Tensor) => tf.sum(dropout(z, 0.3, 11)))(x);
      expect(gradient.dataSync()).toEqual(y);
      expect([...dropout(tf.fill([50], Number.NaN), 0.5, 1).dataSync()].every(Number.isNaN)).toBe(true);
    });
  });

  it('hand on NaN and ∞', () => {
    tf.tidy(() => {
      const row = tf.tensor2d([
        [1, Number.NaN, 2, 0, 3],
        [1, 2, 3, 4, 5],
      ]);
      const norm = layerNorm(row, tf.ones([5]), tf.zeros([5])).dataSync();
      expect([...norm.slice(0, 5)].every(Number.isNaN)).toBe(true);
      expect([...norm.slice(5)].some(Number.isNaN)).toBe(false);
      const soft = [...tf.softmax(row).dataSync()];
      expect(soft.slice(0, 5).every(Number.isNaN)).toBe(true);
      expect(Math.abs(total(soft.slice(5)) - 1)).toBeLessThanOrEqual(5 * ε);
      expect([...tf.softmax(tf.tensor1d([0, Number.NEGATIVE_INFINITY, 0])).dataSync()]).toEqual([
        0.5, 0, 0.5,
      ]);
      const points = [Number.NaN, Number.POSITIVE_INFINITY, 1e30, -1e30, 40, -40, 0];
      expect([...gelu(tf.tensor1d(points)).dataSync()]).toEqual([
        Number.NaN,
        1 / 0,
        Math.fround(1e30),
        -0,
        40,
        -0,
        0,
      ]);
      const slopes = tf
        .grad(gelu)(tf.tensor1d([Number.NaN, 40, -40, 0]))
        .dataSync();
      expect([...slopes].map((slope) => slope + 0)).toEqual([Number.NaN, 1, 0, 0.5]);
    });
  });
});

describe('arithmetic on WebAssembly', () => {
  const compute = { add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div };

  it('spreads shapes over each other as on cpu, on one thread and on several', async () => {
    const axis = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('both', 'left', 'right'));
    const asked = fc.tuple(
      fc.constantFrom(...(Object.keys(compute) as (keyof typeof compute)[])),
      fc.array(axis, { maxLength: 4 }),
      fc.integer(),
    );
    const drawn = fc.sample(asked, { seed, numRuns: 200 });
    const answers: { [backend: string]: number[][] } = {};
    for (const backend of ['cpu', 'wasm'] as const) {
      await useBackend(backend);
      answers[backend] = drawn.map(([name, axes, start]) =>
        tf.tidy(() => {
          const random = new Random(start);
          const [a, b] = ['left', 'right'].map((side) => {
            const shape = axes.map(([length, who]) => (who === 'both' || who === side ? length : 1));
            // Of lower rank, where it begins with ones.
            while (side === 'right' && shape[0] === 1) shape.shift();
            return tf.tensor(Float32Array.from(random.normals(tf.util.sizeFromShape(shape))), shape);
          });
          return [...compute[name](a, b).dataSync()];
        }),
      );
    }
    expect(answers.wasm).toEqual(answers.cpu);
  });

  it('gives on several threads what it gives on one, for arrays that are shared out', async () => {
    const results: { [threads: number]: Float32Array[] } = {};
    for (const threads of [1, 3]) {
      await useBackend('wasm', { threads });
      results[threads] = tf.tidy(() => {
        const x = tf.reshape(tf.linspace(-3, 3, 700 * 130), [700, 130]);
        const row = tf.linspace(0.5, 2, 130);
        const made = [
          ...[tf.add(x, x), tf.mul(x, row), tf.sub(row, x), tf.sum(x, 0), gelu(x), tf.tanh(x), tf.softmax(x)],
          ...[layerNorm(x, row, row), dropout(x, 0.4, 3)],
          ...tf.grads((z: tf.Tensor, s: tf.Tensor) => tf.sum(gelu(layerNorm(z, s, row))))([x, row]),
        ];
        return made.map((array) => array.dataSync() as Float32Array);
      });
    }
    expect(results[3]).toEqual(results[1]);
  });

  afterAll(() => useBackend('cpu'));
});
