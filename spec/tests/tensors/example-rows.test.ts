import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/index.js';
import { tensors, useBackend } from '../../../src/tensors/index.js';
import { dense } from '../../../src/tensors/operations/dense.js';
import { layerNorm } from '../../../src/tensors/operations/layer-norm.js';
import { recordPass } from '../../../src/tensors/recorded-pass.js';

const [examples, tokens, width] = [3, 2, 4];
const random = new Random(9);
const values = (...shape: number[]) => tensors.array(random.normals(shape.reduce((a, b) => a * b, 1)), shape);

/** Every way in which a parameter is shared that has a rule, some of them twice. */
function everyWay() {
  const inputs = values(examples, tokens, width);
  const xs = {
    token: values(width),
    positions: values(tokens + 1, width),
    scale: values(width),
    bias: values(width),
    kernel: values(width, width),
    shift: values(width),
    gain: values(1),
    head: values(width, 2),
  };
  const { token, positions, scale, bias, kernel, shift, gain, head } = xs;
  const f = () => {
    const first = tf.tile(tf.reshape(token, [1, 1, width]), [examples, 1, 1]);
    const placed = tf.add(tf.concat([first, inputs], 1), positions);
    let x: tf.Tensor = tf.reshape(placed, [-1, width]);
    x = tf.add(x, dense(layerNorm(x, scale, bias), kernel, shift));
    x = tf.mul(tf.sub(shift, tf.tanh(dense(x, kernel, shift))), gain);
    return [tf.mean(tf.reshape(tf.matMul(x, head), [examples, tokens + 1, 2]), 1)];
  };
  return { f, xs: Object.values(xs) };
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(async () => void (await useBackend(backend)));

  test('each example has the row that it alone sends back', () => {
    tf.tidy(() => {
      const { f, xs } = everyWay();
      const pass = recordPass(f, xs);
      const u = values(examples, 2);
      const rows = pass.pullRows(u, examples)!;
      for (let i = 0; i < examples; i++) {
        const own = tf.mul(u, tf.oneHot(tf.fill([2], i, 'int32') as tf.Tensor1D, examples).transpose());
        for (const [k, expected] of pass.pull([own]).entries()) {
          const row = tf.slice(rows[k]!, i, 1).dataSync();
          for (const [at, value] of expected!.dataSync().entries())
            expect(Math.abs(row[at] - value)).toBeLessThan(1e-5);
        }
      }
    });
  });

  test('nothing is told where examples are mixed, or a parameter is used in a way without a rule', () => {
    tf.tidy(() => {
      const inputs = values(examples, width);
      const x = values(width, width);
      const rowsOf = (f: (x: tf.Tensor) => tf.Tensor) =>
        recordPass(() => [f(x)], [x]).pullRows(tf.ones([examples, width]), examples);
      const product = (of: tf.Tensor) => tf.matMul(inputs, of);
      expect(rowsOf(product)).toBeDefined();
      expect(rowsOf((of) => tf.sub(product(of), tf.mean(product(of), 0)))).toBeUndefined();
      expect(rowsOf((of) => product(tf.exp(of)))).toBeUndefined();
      expect(rowsOf((of) => tf.matMul(inputs, of, false, true))).toBeUndefined();
    });
  });
});
