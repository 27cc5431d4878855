import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import { entries, Random, type Tree } from '../../../src/index.js';
import { type Batch, fromLayers, tensors, useBackend } from '../../../src/tensors/index.js';

await useBackend('wasm'); // before the model below is made

const random = new Random(11);
const normals = (shape: number[]) => tensors.array(random.normals(shape.reduce((a, b) => a * b, 1)), shape);
const near = (x: ArrayLike<number>, y: ArrayLike<number>) => {
  expect(x.length).toBe(y.length);
  const size = Math.hypot(...Array.from(y));
  for (let i = 0; i < x.length; i++) expect(Math.abs(x[i] - y[i])).toBeLessThan(2e-5 * (1 + size));
};

test.each(['int32', 'float32'] as const)('classes may be %s, in a row or a column', (dtype) => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 3, inputShape: [2], activation: 'softmax' })],
  });
  const problem = fromLayers(model, 'sparseCategoricalCrossentropy');
  const oneHot = fromLayers(model, 'categoricalCrossentropy');
  const at = problem.start(new Random(1));
  const inputs = normals([4, 2]);
  const row = tf.tensor1d([0, 2, 1, 2], dtype);
  const marks = tf.oneHot(tf.tensor1d([0, 2, 1, 2], 'int32'), 3).toFloat();
  const expected = oneHot.valueAndGradient(at, { inputs, labels: marks });
  for (const labels of [row, tf.reshape(row, [4, 1])]) {
    const { value, gradient } = problem.valueAndGradient(at, { inputs, labels });
    near(tensors.values(value), tensors.values(expected.value));
    near(flatten(tensors, gradient), flatten(tensors, expected.gradient));
    tf.tidy(() => {
      const { layers } = problem.layers!(at, { inputs, labels }, 'given', new Random(1));
      expect(layers.map(({ inputs }) => inputs.shape)).toEqual([[4, 2]]);
    });
  }
});

describe('a model of two outputs', () => {
  const x = tf.input({ shape: [3] });
  const dense = (units: number, activation: 'tanh' | 'softmax' | 'linear', name: string) =>
    tf.layers.dense({ units, activation, name });
  const hidden = dense(4, 'tanh', 'trunk').apply(x) as tf.SymbolicTensor;
  const heads = [
    dense(3, 'softmax', 'class').apply(hidden) as tf.SymbolicTensor,
    dense(2, 'linear', 'place').apply(hidden) as tf.SymbolicTensor,
  ];
  const losses = ['categoricalCrossentropy', 'meanSquaredError'];
  const both = fromLayers(tf.model({ inputs: x, outputs: heads }), losses);
  const alone = heads.map((head, k) => fromLayers(tf.model({ inputs: x, outputs: head }), losses[k]));
  const inputs = normals([5, 3]);
  const targets = [tf.oneHot(tf.tensor1d([0, 1, 2, 1, 0], 'int32'), 3).toFloat(), normals([5, 2])];
  const batch: Batch = { inputs, labels: tf.concat(targets, 1) };
  const batches = targets.map((labels): Batch => ({ inputs, labels }));
  const start = both.start(new Random(1)) as Readonly<Record<string, tf.Tensor>>;
  /** The parameters that the k-th output has. */
  const own = (k: number, of: Readonly<Record<string, tf.Tensor>> = start) =>
    Object.fromEntries(
      entries(tensors, alone[k].start(new Random(1))).map(([path]) => [path, of[path]] as const),
    );
  /** Over all parameters: those of one output, and 0. */
  const widened = (part: Tree<tf.Tensor>) => {
    const known = part as Readonly<Record<string, tf.Tensor>>;
    return Object.fromEntries(
      Object.entries(start).map(([name, leaf]) => [name, known[name] ?? tf.zerosLike(leaf)]),
    );
  };
  const sum = (parts: readonly Tree<tf.Tensor>[]) =>
    parts
      .map((part) => flatten(tensors, widened(part)))
      .reduce((total, part) => total.map((entry, i) => entry + part[i]));

  test('has the sum of the losses, and its gradient', () => {
    const { value, gradient } = both.valueAndGradient(start, batch);
    const each = alone.map((problem, k) => problem.valueAndGradient(own(k), batches[k]));
    near(tensors.values(value), [each.reduce((total, one) => total + tensors.number(one.value), 0)]);
    near(flatten(tensors, gradient), sum(each.map((one) => one.gradient)));
  });

  test.each(['hessian', 'gaussNewton', 'fisher'] as const)('has the sum of the curvatures: %s', (kind) => {
    const v = unflatten(tensors, random.normals(flatten(tensors, start).length), start);
    const product = both.curvature!(kind, start, batch).apply(v);
    const each = alone.map((problem, k) =>
      problem.curvature!(kind, own(k), batches[k]).apply(own(k, v as Readonly<Record<string, tf.Tensor>>)),
    );
    near(flatten(tensors, product), sum(each));
  });

  test("has layers whose errors come from all outputs, by their gradients' provenance", () => {
    tf.tidy(() => {
      const { terms, layers, unmatched } = both.layers!(start, batch, 'given', new Random(1));
      expect(terms).toBe(5);
      expect(unmatched).toEqual([]);
      const found = new Map(layers.map((layer) => [layer.kernel, layer]));
      const each = alone.map(
        (problem, k) => problem.layers!(own(k), batches[k], 'given', new Random(1)).layers,
      );
      for (const [k, head] of each
        .map((own) => own.find(({ kernel }) => !kernel.startsWith('trunk'))!)
        .entries()) {
        near(tensors.values(found.get(head.kernel)!.errors), tensors.values(head.errors));
        expect(k).toBeLessThan(2);
      }
      const trunks = each.map((own) => own.find(({ kernel }) => kernel.startsWith('trunk'))!.errors);
      const trunk = found.get('trunk/kernel')!;
      near(tensors.values(trunk.errors), tensors.values(tf.add(trunks[0], trunks[1])));
      near(tensors.values(trunk.inputs), tensors.values(inputs));
    });
  });

  test('has sampled and signed factors whose mean is that of the sum', () => {
    // The head of the squared error is linear: its errors' mean square is known, E[u²]·2/(2·5²) of 2 outputs.
    for (const source of ['signs', 'sampled'] as const) {
      const draws = source === 'signs' ? 4 : 200;
      let total = 0;
      for (let seed = 0; seed < draws; seed++) {
        total += tf.tidy(() => {
          const { layers } = both.layers!(start, batch, source, new Random(seed));
          const { errors } = layers.find(({ kernel }) => kernel === 'place/kernel')!;
          return tensors.number(tf.mean(tf.square(errors)));
        });
      }
      // terms²·E[e²] = terms·H: the loss is a mean over 5 examples and 2 outputs, H = 2/(5·2) an entry.
      const expected = 2 / (5 * 2) / 5;
      expect(Math.abs(total / draws / expected - 1), source).toBeLessThan(source === 'signs' ? 1e-5 : 0.2);
    }
  });

  test('takes losses by name, and says what is missing', () => {
    const model = tf.model({ inputs: x, outputs: heads });
    const named = fromLayers(model, { class: losses[0], place: losses[1] });
    near(
      tensors.values(named.valueAndGradient(start, batch).value),
      tensors.values(both.valueAndGradient(start, batch).value),
    );
    expect(() => fromLayers(model, { class: losses[0] })).toThrow(
      "fromLayers(loss): expected one for the output 'place', got undefined",
    );
    expect(() => fromLayers(model, [losses[0]])).toThrow('expected one for each of 2 outputs, got 1');
  });
});
