import { beforeAll, describe, expect, it } from 'vitest';
import { families, type Op } from './ops.js';

/*
 * With Float64Array in the place of Float32Array before TensorFlow.js is loaded, its CPU backend computes in
 * float64: here differences are exact enough to tell a right derivative from a nearly right one.
 */
globalThis.Float32Array = Float64Array as unknown as Float32ArrayConstructor;
const tf = await import('@tensorflow/tfjs');
const { Random } = await import('../../../../src/index.js');
const { useBackend } = await import('../../../../src/tensors/index.js');
const { derivatives, drawn, recorded } = await import('./derivatives.js');

const h = 2 ** (-52 / 3);
/** The truncation error of a central difference is h²/6 of a third derivative: up to 10⁴ times the first. */
const truncation = 1e4 * h * h;

beforeAll(() => useBackend('cpu'));

describe.each(Object.entries(families))('derivatives of %s agree with differences', (_, ops) => {
  it.each(ops.map((op): [string, Op] => [op.name, op]))('%s', (_, op) => {
    const tolerance = op.fit ?? truncation;
    const before = tf.memory().numTensors;
    const random = new Random(7);
    const [x, v, u] = [drawn(op, random), drawn(op, random, true), drawn(op, random, true)];
    const moved = (t: number) => x.map((entries, i) => entries.map((entry, j) => entry + t * v[i][j]));
    const at = derivatives(tf, op, new Random(3));
    const { value, gradient, product } = at(x, v);
    const [up, down] = [at(moved(h), v), at(moved(-h), v)];

    const slope = (up.value - down.value) / (2 * h);
    const terms = gradient.map((g, i) => g * v.flat()[i]);
    const scale = Math.abs(value) + terms.reduce((sum, term) => sum + Math.abs(term), 0);
    expect(Math.abs(slope - terms.reduce((sum, term) => sum + term, 0))).toBeLessThan(tolerance * scale);

    const most = Math.max(...gradient.map(Math.abs), ...product.map(Math.abs));
    const worst = Math.max(
      ...product.map((p, i) => Math.abs(p - (up.gradient[i] - down.gradient[i]) / (2 * h))),
    );
    expect(worst).toBeLessThan(tolerance * most);

    const other = at(x, u).product;
    const [uHv, vHu] = [product, other].map((p, k) => p.map((entry, i) => entry * [u, v][k].flat()[i]));
    const sum = (entries: number[]) => entries.reduce((total, entry) => total + entry, 0);
    const size = sum([...uHv, ...vHu].map(Math.abs)) + most;
    expect(Math.abs(sum(uHv) - sum(vHu))).toBeLessThan(16 * x.flat().length * 2 ** -52 * size);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(ops.map((op): [string, Op] => [op.name, op]))('%s, recorded: tangent and product back', (_, op) => {
    const before = tf.memory().numTensors;
    const random = new Random(7);
    const [x, v] = [drawn(op, random), drawn(op, random, true)];
    const weights = (size: number) => Array.from(new Random(5).normals(size), Math.fround);
    const at = (t: number) =>
      recorded(
        tf,
        op,
        x.map((entries, i) => entries.map((entry, j) => entry + t * v[i][j])),
        v,
        weights,
      );
    const { value, tangent, gradient } = at(0);
    const [up, down] = [at(h).value, at(-h).value];
    const most = Math.max(...[...value, ...tangent].map(Math.abs));
    const worst = Math.max(...tangent.map((t, i) => Math.abs(t - (up[i] - down[i]) / (2 * h))));
    expect(worst).toBeLessThan((op.fit ?? truncation) * most);

    const sum = (entries: readonly number[]) => entries.reduce((total, entry) => total + entry, 0);
    const [uJv, vJu] = [
      tangent.map((t, i) => t * weights(value.length)[i]),
      gradient.map((g, i) => g * v.flat()[i]),
    ];
    const size = sum([...uJv, ...vJu].map(Math.abs)) + most;
    expect(Math.abs(sum(uJv) - sum(vJu))).toBeLessThan(16 * x.flat().length * 2 ** -52 * size);
    expect(tf.memory().numTensors).toBe(before);
  });
});
