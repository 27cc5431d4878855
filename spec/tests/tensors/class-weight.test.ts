import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { flatten, unflatten } from '../../../src/algebra/flatten.js';
import { mapTree, Random } from '../../../src/index.js';
import type { LabelSource } from '../../../src/objective/layer.js';
import type { CurvatureKind } from '../../../src/objective/objective.js';
import { asOptimizer, tensors, useBackend } from '../../../src/tensors/index.js';
import type { Context, Transform } from '../../../src/transforms/index.js';

/*
 * `classWeight` multiplies the loss of each example. The curvature is then Σ wᵢHᵢ/n, held here to one computed densely
 * from the probabilities; and that of a batch in which each example stands wᵢ times.
 */

beforeAll(async () => void (await useBackend('cpu')));

const kinds = ['hessian', 'gaussNewton', 'fisher', 'empiricalFisher'] as const;
const random = new Random(5);
const [examples, width, classes] = [5, 2, 3];
const rows = Array.from({ length: examples }, () => [random.normal(), random.normal()]);
const labels = [0, 1, 2, 1, 0];
const classWeight = { 0: 3, 1: 1, 2: 0 };
const weights = labels.map((label) => classWeight[label as 0 | 1 | 2]);
const direction = random.normals((width + 1) * classes);

type Look = (context: Context<tf.Tensor>) => void;

/** A method that takes no step, and shows what it is given. */
const looking = (look: Look): Transform => ({
  name: 'looking',
  options: {},
  needs: ['gaussNewton', 'linearized', 'layers'],
  init: () => null,
  update<T>(context: Context<T>) {
    look(context as unknown as Context<tf.Tensor>);
    return {
      update: mapTree(context.algebra, (x) => context.algebra.sub(x, x), context.parameters),
      state: null,
    };
  },
});

const single = (activation: 'softmax' | 'linear') => {
  const layer = tf.layers.dense({
    units: classes,
    activation,
    inputShape: [width],
    kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
  });
  return tf.sequential({ layers: [layer] });
};

interface Asked {
  readonly loss?: string;
  readonly model?: tf.LayersModel;
  /** How often each example stands in the batch. */
  readonly times?: readonly number[];
  readonly classWeight?: tf.ModelFitArgs['classWeight'];
}

async function shown<R>(look: (context: Context<tf.Tensor>) => R, asked: Asked): Promise<R> {
  const { loss = 'categoricalCrossentropy', times = labels.map(() => 1) } = asked;
  const model = asked.model ?? single(loss === 'meanSquaredError' ? 'linear' : 'softmax');
  const results: R[] = [];
  const optimizer = asOptimizer(looking((context) => void results.push(tensors.scope(() => look(context)))));
  model.compile({ optimizer, loss });
  const chosen = times.flatMap((count, i) => Array<number>(count).fill(i));
  const x = tf.tensor2d(chosen.map((i) => rows[i]));
  const marks = tf
    .oneHot(
      tf.tensor1d(
        chosen.map((i) => labels[i]),
        'int32',
      ),
      classes,
    )
    .toFloat();
  const y = loss.startsWith('sparse') ? tf.tensor2d(chosen.map((i) => [labels[i]])) : marks;
  const targets = model.outputs.map(() => y);
  await model.fit(x, targets.length === 1 ? y : targets, {
    ...(asked.classWeight !== undefined && { classWeight: asked.classWeight }),
    batchSize: chosen.length,
    shuffle: false,
    epochs: 1,
    verbose: 0,
  });
  return results[0];
}

const product = (kind: CurvatureKind) => {
  return ({ objective, parameters }: Context<tf.Tensor>) =>
    flatten(
      tensors,
      objective!.curvature!(kind, parameters).apply(unflatten(tensors, direction, parameters)),
    );
};
const near = (x: ArrayLike<number>, y: ArrayLike<number>, within = 1e-5) => {
  expect(x.length).toBe(y.length);
  for (let i = 0; i < x.length; i++)
    expect(Math.abs(x[i] - y[i])).toBeLessThan(within * (1 + Math.abs(y[i])));
};

/** Σ wᵢ·Jᵢᵀ(Hᵢ or rᵢrᵢᵀ)Jᵢv/n of softmax(xW + b) under cross-entropy, in float64. */
function dense(kind: CurvatureKind, kernel: readonly number[], bias: readonly number[]): number[] {
  const sum = Array.from(direction, () => 0);
  rows.forEach((row, i) => {
    const z = bias.map((b, c) => b + row.reduce((total, x, k) => total + x * kernel[k * classes + c], 0));
    const e = z.map(Math.exp);
    const p = e.map((one) => one / e.reduce((a, b) => a + b, 0));
    const whole = [...row, 1]; // the bias comes last in the direction, as in the parameters
    const jv = p.map((_, c) => whole.reduce((total, x, k) => total + x * direction[k * classes + c], 0));
    const r = p.map((one, c) => one - (labels[i] === c ? 1 : 0));
    const dot = (a: number[]) => a.reduce((total, one, c) => total + one * jv[c], 0);
    const hv =
      kind === 'empiricalFisher' ? r.map((one) => one * dot(r)) : p.map((one, c) => one * (jv[c] - dot(p)));
    whole.forEach((x, k) => {
      for (let c = 0; c < classes; c++) sum[k * classes + c] += (weights[i] * x * hv[c]) / examples;
    });
  });
  return sum;
}

describe.each(['categoricalCrossentropy', 'sparseCategoricalCrossentropy'])(
  'classWeight in fit: %s',
  (loss) => {
    test.each(kinds)('weighs the curvature as the loss: %s', async (kind) => {
      const [found, kernel, bias] = await shown(
        (context) => {
          const [w, b] = Object.values(context.parameters as Record<string, tf.Tensor>);
          return [product(kind)(context), [...w.dataSync()], [...b.dataSync()]] as const;
        },
        { loss, classWeight },
      );
      near(found, dense(kind, kernel, bias));
      const repeated = await shown(product(kind), { loss, times: weights });
      const terms = weights.reduce((a, b) => a + b);
      near(
        found,
        Array.from(repeated, (one) => (one * terms) / examples),
      );
    });
  },
);

/** terms·eᵢ² of each example and class, a draw's mean. */
const squares = (source: LabelSource, draws: number) => {
  return ({ objective, parameters }: Context<tf.Tensor>) => {
    let total = Array.from({ length: examples * classes }, () => 0);
    for (let seed = 0; seed < draws; seed++) {
      const { terms, layers } = objective!.layers!(parameters, source, new Random(seed));
      const { errors } = layers[0];
      total = total.map((sum, i) => sum + (terms * errors.dataSync()[i] ** 2) / draws);
    }
    return total;
  };
};

test("classWeight weighs the layers' factors: signs and labels drawn are those of Σ wᵢHᵢ/n", async () => {
  // Of squared error H = 2/(n·classes), an example.
  const expected = weights.flatMap((w) => Array<number>(classes).fill((2 * w) / (examples * classes)));
  const of = { loss: 'meanSquaredError', classWeight };
  near(await shown(squares('signs', 2), of), expected);
  const drawn = await shown(squares('sampled', 150), of);
  near(drawn, expected, 0.3);
  const [given, plain] = [
    await shown(squares('given', 1), of),
    await shown(squares('given', 1), { loss: of.loss }),
  ];
  near(
    given,
    plain.map((one, i) => one * weights[Math.floor(i / classes)]),
  );
});

test('each of several outputs is weighed by its own', async () => {
  const forked = () => {
    const x = tf.input({ shape: [width] });
    const head = (name: string, seed: number) =>
      tf.layers
        .dense({ units: classes, name, kernelInitializer: tf.initializers.glorotUniform({ seed }) })
        .apply(x);
    return tf.model({ inputs: x, outputs: [head('first', 1), head('second', 2)] as tf.SymbolicTensor[] });
  };
  const of = (weighed: tf.ModelFitArgs['classWeight']) =>
    shown(
      ({ objective, parameters }) => {
        const ones = unflatten(
          tensors,
          Float64Array.from({ length: 2 * direction.length }, () => 1),
          parameters,
        );
        return flatten(tensors, objective!.curvature!('gaussNewton', parameters).apply(ones));
      },
      { loss: 'meanSquaredError', model: forked(), classWeight: weighed },
    );
  const ones = { 0: 1, 1: 1, 2: 1 };
  const [first, second, neither] = [
    await of([classWeight, ones]),
    await of([ones, classWeight]),
    await of([ones, ones]),
  ];
  const half = direction.length;
  expect(flattened(first.slice(0, half))).not.toEqual(flattened(neither.slice(0, half)));
  near(first.slice(half), neither.slice(half));
  near(second.slice(0, half), neither.slice(0, half));
  near(first.slice(0, half), second.slice(half));
});

function flattened(x: ArrayLike<number>): number[] {
  return Array.from(x, (one) => Math.round(one * 1e4));
}

test('the weights of one batch are not those of the next', async () => {
  const plain = await shown(product('gaussNewton'), {});
  const model = single('softmax');
  await shown(product('gaussNewton'), { model, classWeight });
  near(await shown(product('gaussNewton'), { model }), plain);
});
