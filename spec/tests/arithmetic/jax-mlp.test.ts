import { lastValueFrom, pipe, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { adahessian, adam, type Method, mapTree, Random, type Tree, treeDot } from '../../../src/index.js';
import { readMnist } from '../../../src/tensors/node-mnist.js';
import { batches, gradient, lifted, train } from '../../../streams/index.js';
import { type JaxArray, jaxArrays } from './jax-arrays.js';
import { jaxExamples, jaxMlp } from './jax-mlp.js';

const part = ({ images, labels }: { images: Uint8Array; labels: Uint8Array }, size: number) => ({
  images: images.subarray(0, size * 784),
  labels: labels.subarray(0, size),
});

describe('the MNIST perceptron trains on jax-js', () => {
  it.each<[string, Method, number]>([
    ['adam', adam({ learningRate: 3e-3 }), 60],
    ['adahessian', adahessian({ learningRate: 0.1 }), 40],
  ])('with %s', async (_, method, steps) => {
    const algebra = jaxArrays('float32');
    const problem = jaxMlp(algebra, [784, 64, 10]);
    const examples = jaxExamples(algebra, part(await readMnist('train'), 8_000));
    const before = algebra.live();
    const losses: number[] = [];
    const live: number[] = [];
    const last = await lastValueFrom(
      train(problem, batches(examples, { size: 128, seed: 1 }), pipe(gradient(), lifted(method)), {
        steps,
      }).pipe(
        tap((frame) => {
          losses.push(frame.lossValue);
          live.push(algebra.live());
        }),
      ),
    );
    expect(last.outcome?.kind).toBe('budget');
    const mean = (list: number[]) => list.reduce((sum, loss) => sum + loss, 0) / list.length;
    expect(mean(losses.slice(0, 5))).toBeGreaterThan(1.3); // log 10 = 2.3 at the start
    expect(mean(losses.slice(-10))).toBeLessThan(0.6);
    expect(new Set(live.slice(2, -1)).size).toBe(1); // nothing left behind from step to step
    expect(algebra.live()).toBe(before);
  });

  it('and nothing of it has asked for TensorFlow.js', () => {
    expect('_tfengine' in globalThis).toBe(false);
  });
});

describe('the Hessian of jax-js', () => {
  const algebra = jaxArrays('float64');
  const problem = jaxMlp(algebra, [6, 5, 3]);
  // A start at which no rectifier turns between the points of the differences.
  const random = new Random(4);
  const images = Uint8Array.from({ length: 6 * 16 }, () => Math.floor(256 * random.uniform()));
  const labels = Uint8Array.from({ length: 16 }, (_, i) => i % 3);
  const batch = jaxExamples(algebra, { images, labels }, 3).batch(Int32Array.from(labels, (_, i) => i));
  const parameters = problem.start(random);
  const hessian = problem.curvature!('hessian', parameters, batch);
  const direction = () =>
    mapTree(
      algebra,
      (x) =>
        algebra.array(random.normals(algebra.shape(x).reduce((n, side) => n * side, 1)), algebra.shape(x)),
      parameters,
    );
  const along = (a: number, v: Tree<JaxArray>) =>
    mapTree(algebra, (x, d) => algebra.combine(1, x, a, d), parameters, v);
  const inner = (u: Tree<JaxArray>, v: Tree<JaxArray>) => algebra.number(treeDot(algebra, u, v));

  it('is what the gradient changes by, and symmetric', () => {
    algebra.scope(() => {
      const [u, v] = [direction(), direction()];
      const product = hessian.apply(v);
      // Central differences: of the exponentials' single precision (5·10⁻⁷) 2h⁻¹ times as much is left.
      const h = 2 ** -8;
      const slope = mapTree(
        algebra,
        (ahead, behind) => algebra.mul(algebra.sub(ahead, behind), 1 / (2 * h)),
        problem.valueAndGradient(along(h, v), batch).gradient,
        problem.valueAndGradient(along(-h, v), batch).gradient,
      );
      const off = mapTree(algebra, (a, b) => algebra.sub(a, b), product, slope);
      expect(inner(product, product)).toBeGreaterThan(0.1);
      expect(Math.sqrt(inner(off, off) / inner(product, product))).toBeLessThan(1e-3);
      expect(Math.abs(inner(u, product) - inner(v, hessian.apply(u)))).toBeLessThan(1e-5);
      return [];
    });
  });
});
