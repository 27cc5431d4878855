import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { momentStep } from '../../../src/algebra/moment-step.js';
import { Random } from '../../../src/index.js';
import { crossEntropy, tensors, useBackend, valueAndGradient } from '../../../src/tensors/index.js';
import { addKernel, type Call } from '../../../src/tensors/kernel.js';
import { addProduct } from '../../../src/tensors/operations/add-product.js';
import { attention, attentionOperation } from '../../../src/tensors/operations/attention.js';
import { dense } from '../../../src/tensors/operations/dense.js';
import { dropout } from '../../../src/tensors/operations/dropout.js';
import { tangent } from '../../../src/tensors/operations/fused.js';
import { gelu, geluOperation } from '../../../src/tensors/operations/gelu.js';
import { layerNorm, layerNormOperation } from '../../../src/tensors/operations/layer-norm.js';
import { specials } from './gradients/backends.js';

/** Our own operations, which a backend has as kernels or composes of others. */
const operations: { readonly [name: string]: (columns: number) => Operation } = {
  layerNorm: (d) => ({
    shapes: [[3, d], [d], [d]],
    compute: ([x, scale, bias]) => layerNorm(x, scale, bias, 1e-2),
  }),
  gelu: (d) => ({ shapes: [[3, d]], compute: ([x]) => gelu(x), limits: true }),
  dense: (d) => ({ shapes: [[3, d], [d, 2], [2]], compute: ([x, w, bias]) => dense(x, w, bias) }),
  attention: (d) => ({
    shapes: [
      [4, d],
      [4, d],
      [4, d],
    ],
    compute: ([q, k, v]) => attention(q, k, v, { tokens: 2, heads: 1, rate: 0, seed: 0 }),
  }),
  'product added to a matrix': (d) => ({
    shapes: [
      [3, 2],
      [3, d],
      [d, 2],
    ],
    compute: ([c, a, b]) => addProduct(c, { a, b, transposeA: false, transposeB: false }),
    valueOnly: true,
  }),
  dropout: (d) => ({ shapes: [[3, d]], compute: ([x]) => dropout(x, 0.3, 11), linear: true }),
  relu: (d) => ({ shapes: [[3, d]], compute: ([x]) => tf.relu(x), linear: true, limits: true }),
  max: (d) => ({ shapes: [[3, d]], compute: ([x]) => tf.max(x, 1), linear: true, limits: true }),
  conv2d: (d) => ({
    shapes: [
      [1, 3, d, 2],
      [2, 2, 2, 2],
    ],
    compute: ([x, filter]) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'),
  }),
  'tangent of layerNorm': (d) => ({
    shapes: [[3, d], [d], [d], [3, d], [d], [d]],
    compute: (xs) => tangent(tf, layerNormOperation, xs.slice(0, 3), xs.slice(3), { epsilon: 1e-2 }),
    valueOnly: true,
  }),
  'tangent of gelu': (d) => ({
    shapes: [
      [3, d],
      [3, d],
    ],
    compute: ([x, along]) => tangent(tf, geluOperation, [x], [along], {}),
    valueOnly: true,
    limits: true,
  }),
  'tangent of attention': (d) => ({
    shapes: new Array(6).fill([4, d]),
    compute: (xs) =>
      tangent(tf, attentionOperation, xs.slice(0, 3), xs.slice(3), { tokens: 2, heads: 1, rate: 0, seed: 0 }),
    valueOnly: true,
  }),
  'algebra: add of a number': (d) => ({
    shapes: [[3, d]],
    compute: ([x]) => tensors.add(x, 0.5),
    valueOnly: true,
  }),
  'algebra: add': (d) => ({ shapes: [[3, d], []], compute: ([x, y]) => tensors.add(x, y), valueOnly: true }),
  'algebra: mul of a number': (d) => ({
    shapes: [[3, d]],
    compute: ([x]) => tensors.mul(x, 3),
    valueOnly: true,
  }),
  'algebra: mul': (d) => ({ shapes: [[3, d], []], compute: ([x, y]) => tensors.mul(x, y), valueOnly: true }),
  'algebra: div of a number': (d) => ({
    shapes: [[3, d]],
    compute: ([x]) => tensors.div(x, 3),
    valueOnly: true,
  }),
  'algebra: div': (d) => ({ shapes: [[3, d], []], compute: ([x, y]) => tensors.div(x, y), valueOnly: true }),
  'algebra: dot': (d) => ({ shapes: [[d], [d]], compute: ([x, y]) => tensors.dot(x, y), valueOnly: true }),
  'algebra: combine': (d) => ({
    shapes: [
      [3, d],
      [3, d],
    ],
    compute: ([x, y]) => tensors.combine(2, x, -0.5, y),
    valueOnly: true,
  }),
  'algebra: moments': (d) => ({
    shapes: [
      [3, d],
      [3, d],
      [3, d],
    ],
    compute: ([m, v, u]) => {
      const by = { beta1: 0.9, beta2: 0.99, correction1: 0.1, correction2: 0.01, epsilon: 1e-8 };
      const { mean, square, direction } = momentStep(
        tensors,
        m,
        tf.where(tf.less(v, 0), tf.neg(v), v),
        u,
        by,
      );
      return tf.stack([mean, square, direction]);
    },
    valueOnly: true,
  }),
  softmax: (d) => ({ shapes: [[3, d]], compute: ([x]) => tf.softmax(x) }),
  crossEntropy: (d) => ({
    shapes: [[3, d]],
    compute: ([x]) => crossEntropy(x, tf.tensor1d([0, d - 1, 1], 'int32')),
  }),
};

interface Operation {
  readonly shapes: readonly (readonly number[])[];
  compute(xs: readonly tf.Tensor[]): tf.Tensor;
  /** Its second derivative is 0: of that of its squares is asked. */
  readonly linear?: true;
  /** Its derivatives have limits at ±∞, which a kernel may know where ∞·0 is NaN. */
  readonly limits?: true;
  /** Of the algebra, which is not differentiated. */
  readonly valueOnly?: true;
}

/** The kinds of all entries of the value, of the gradients and of a Hessian-vector product. */
interface Seen {
  readonly value: string;
  readonly gradient: string;
  readonly product: string;
}

const kinds = (entries: Iterable<number>) =>
  Array.from(entries, (entry) =>
    Number.isNaN(entry) ? 'n' : entry === Infinity ? '+' : entry === -Infinity ? '-' : '.',
  ).join('');

/** With a special value, given by its bits, in one entry of one input. */
function seen(
  { shapes, compute, linear, valueOnly }: Operation,
  input: number,
  place: number,
  bits: number,
): Seen {
  return tf.tidy(() => {
    const random = new Random(5);
    const draw = () =>
      shapes.map((shape) => Float32Array.from(random.normals(tf.util.sizeFromShape([...shape]))));
    const [xs, u] = [draw(), draw()];
    new Uint32Array(xs[input].buffer)[place] = bits;
    const [x, direction] = [xs, u].map((arrays) =>
      arrays.map((array, k) => tf.engine().makeTensor(array, [...shapes[k]], 'float32') as tf.Tensor),
    );
    const value = compute(x);
    if (valueOnly) return { value: kinds(value.dataSync()), gradient: '', product: '' };
    const weights = tf.tensor(Float32Array.from(random.normals(value.size)), value.shape);
    const of = (f: (xs: tf.Tensor[]) => tf.Tensor) => (given: tf.Tensor[]) =>
      valueAndGradient((tree) => f(tree as tf.Tensor[]), given).gradient as tf.Tensor[];
    const loss = (made: tf.Tensor) => tf.sum(tf.mul(made, weights));
    const gradient = of((given) => loss(compute(given)));
    const bent = linear ? of((given) => loss(tf.square(compute(given)))) : gradient;
    const product = of((given) =>
      bent(given)
        .map((g, k) => tf.sum(tf.mul(g, direction[k])))
        .reduce((sum, term) => tf.add(sum, term)),
    );
    const all = (tensors: tf.Tensor[]) => tensors.map((tensor) => kinds(tensor.dataSync())).join(' ');
    return { value: kinds(value.dataSync()), gradient: all(gradient(x)), product: all(product(x)) };
  });
}

/** So many columns fill lanes of WebAssembly and leave some over. */
const widths = [5, 19];

const samples = Object.keys(operations).flatMap((name) =>
  widths.flatMap((width) =>
    operations[name](width).shapes.flatMap((shape, input) =>
      [0, tf.util.sizeFromShape([...shape]) - 1].flatMap((place) =>
        Object.entries(specials).map(([kind, bits]) => ({ name, width, input, place, kind, bits })),
      ),
    ),
  ),
);
type Sample = (typeof samples)[number];

const asSeen = ({ name, width, input, place, bits }: Sample) =>
  seen(operations[name](width), input, place, bits);

/** Whether what is not finite composed is so by the kernel too, and what is NaN for a NaN is NaN. */
function passesOn({ kind }: Sample, found: string, composed: string): boolean {
  return [...composed].every((due, i) => {
    if (due === '.' || due === ' ') return true;
    return kind.endsWith('NaN') ? found[i] === 'n' : found[i] !== '.';
  });
}

/** What a backend loses of it, in words. */
function lost(sample: Sample): string[] {
  const [found, wanted] = [asSeen(sample), composed.get(sample)!];
  const { limits, valueOnly } = operations[sample.name](sample.width);
  const judged = ['value', 'gradient', 'product'] as const;
  const derivative = (of: (typeof judged)[number]) => of !== 'value' || valueOnly;
  return judged
    .filter((of) => !(limits && !sample.kind.endsWith('NaN') && derivative(of)))
    .filter((of) => !passesOn(sample, found[of], wanted[of]))
    .map((of) => `${JSON.stringify(sample)} ${of}: ${found[of]}, composed ${wanted[of]}`);
}

const composed = new Map<Sample, Seen>();

beforeAll(async () => {
  await useBackend('cpu');
  for (const sample of samples) composed.set(sample, asSeen(sample));
});

describe.each(['cpu', 'wasm'] as const)('NaN of both signs and ±∞ on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(Object.keys(operations))('%s, its gradient and its Hessian-vector product pass them on', (name) => {
    expect(samples.filter((one) => one.name === name).flatMap(lost)).toEqual([]);
  });

  it.each(Object.keys(operations))('%s makes none of numbers', (name) => {
    for (const width of widths) {
      const one = new Uint32Array(Float32Array.of(1).buffer)[0];
      const found = seen(operations[name](width), 0, 0, one);
      expect(Object.values(found).join('')).not.toMatch(/[n+-]/);
    }
  });
});

/** A backend's memory, as kernels use it. */
interface Memory {
  readSync(dataId: object): Float32Array;
  write(values: Float32Array, shape: number[], dtype: string): object;
}

describe('a kernel that turns NaN to 0 is found', async () => {
  await useBackend('wasm');
  const own = tf.getKernelsForBackend('wasm').filter(
    // Bytes and places hold no NaN.
    ({ kernelName }) =>
      kernelName.startsWith('Fluxion') && !['FluxionBytesOver', 'FluxionLargest'].includes(kernelName),
  );

  it('of our own there are some', () => {
    expect(own.length).toBeGreaterThanOrEqual(8);
  });

  it.each(own.map(({ kernelName, kernelFunc }) => ({ kernelName, kernelFunc })))(
    '$kernelName',
    async ({ kernelName, kernelFunc }) => {
      await useBackend('wasm');
      const swallowing = (info: tf.TensorInfo, memory: Memory): tf.TensorInfo => {
        const values = memory.readSync(info.dataId).map((entry) => (Number.isNaN(entry) ? 0 : entry));
        return { ...info, dataId: memory.write(values, info.shape, info.dtype) };
      };
      const right = kernelFunc as unknown as (call: Call) => tf.TensorInfo | tf.TensorInfo[];
      addKernel(kernelName, 'wasm', (call) => {
        const made = right(call);
        const memory = call.backend as Memory;
        return Array.isArray(made) ? made.map((one) => swallowing(one, memory)) : swallowing(made, memory);
      });
      try {
        expect(samples.some((sample) => sample.kind === 'NaN' && lost(sample).length > 0)).toBe(true);
      } finally {
        addKernel(kernelName, 'wasm', right);
      }
    },
  );
});
