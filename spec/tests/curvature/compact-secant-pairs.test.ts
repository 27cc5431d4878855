import { expect, test } from 'vitest';
import { CompactSecantPairs } from '../../../src/curvature/compact-secant-pairs.js';
import { updateInverseBfgs } from '../../../src/curvature/inverse-bfgs.js';
import { SecantPairs } from '../../../src/curvature/secant-pairs.js';
import { Random } from '../../../src/index.js';
import { dot, matrixVector, norm } from '../../../src/linalg/vector.js';

/** A step and the change of gradient under a diagonal Hessian from 1 to 5: cos(s, y) > 0.7. */
function pair(random: Random, n: number): [s: Float64Array, y: Float64Array] {
  const s = random.normals(n);
  return [s, s.map((entry, i) => entry * (1 + (4 * (i % 17)) / 16))];
}

const difference = (x: Float64Array, y: Float64Array) => norm(x.map((entry, i) => entry - y[i]));

test.each([
  [1, 3, 5],
  [2, 1, 4],
  [7, 3, 12],
  [32, 10, 25],
  [65, 5, 14],
  [2047, 4, 6],
  [2048, 4, 6],
  [2049, 10, 13],
  [5001, 10, 12],
])('for n = %i and m = %i it equals the two loops after each of %i pairs', (n, m, count) => {
  const random = new Random(5);
  const compact = new CompactSecantPairs(n, m);
  const plain = new SecantPairs(n, m);
  const [found, expected] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < count; k++) {
    const [s, y] = pair(random, n);
    const g = random.normals(n);
    compact.push(s, y, dot(s, y), g);
    plain.push(s, y, dot(s, y));
    expect(compact.count).toBe(plain.count);
    expect(compact.scaling() / plain.scaling()).toBeCloseTo(1, 12);
    const gamma = plain.scaling();
    for (const v of [g, random.normals(n)]) {
      compact.multiply(v, gamma, found);
      plain.multiply(v, gamma, expected);
      // Each of the 2m steps of the recursion may double the rounding of n products.
      expect(difference(found, expected)).toBeLessThanOrEqual(30 * m * n * Number.EPSILON * norm(expected));
    }
  }
});

test('with full memory it is dense BFGS, and keeps the secant equation', () => {
  const [n, m] = [40, 12];
  const random = new Random(7);
  const compact = new CompactSecantPairs(n, m);
  const h = new Float64Array(n * n);
  for (let i = 0; i < n; i++) h[i * (n + 1)] = 0.5;
  const [found, expected, work] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < m; k++) {
    const [s, y] = pair(random, n);
    compact.push(s, y, dot(s, y), y);
    updateInverseBfgs(h, s, y, work);
    compact.multiply(y, 0.5, found);
    expect(difference(s, found)).toBeLessThanOrEqual(30 * n * Number.EPSILON * norm(h) * norm(y));
    const v = random.normals(n);
    compact.multiply(v, 0.5, found);
    matrixVector(h, v, expected);
    expect(difference(found, expected)).toBeLessThanOrEqual(30 * n * Number.EPSILON * norm(h) * norm(v));
  }
});

test('a gradient written over after its products were taken is read again once asked twice', () => {
  const n = 50;
  const random = new Random(9);
  const compact = new CompactSecantPairs(n, 3);
  const plain = new SecantPairs(n, 3);
  const [s, y] = pair(random, n);
  const g = random.normals(n);
  compact.push(s, y, dot(s, y), g);
  plain.push(s, y, dot(s, y));
  const [found, expected] = [new Float64Array(n), new Float64Array(n)];
  compact.multiply(g, 1, found);
  g.set(random.normals(n));
  compact.multiply(g, 1, found);
  plain.multiply(g, 1, expected);
  expect(difference(found, expected)).toBeLessThanOrEqual(30 * n * Number.EPSILON * norm(expected));
});

test('forgotten pairs leave a multiple of the identity, and the ring begins anew', () => {
  const n = 33;
  const random = new Random(3);
  const compact = new CompactSecantPairs(n, 2);
  const into = new Float64Array(n);
  for (let k = 0; k < 3; k++) {
    const [s, y] = pair(random, n);
    compact.push(s, y, dot(s, y), s);
  }
  compact.forget();
  expect(compact.count).toBe(0);
  expect(compact.scaling()).toBe(1);
  const g = random.normals(n);
  compact.multiply(g, 2, into);
  expect(into).toEqual(g.map((entry) => 2 * entry));
  const [s, y] = pair(random, n);
  const plain = new SecantPairs(n, 2);
  compact.push(s, y, dot(s, y), g);
  plain.push(s, y, dot(s, y));
  const expected = new Float64Array(n);
  compact.multiply(g, 1, into);
  plain.multiply(g, 1, expected);
  expect(difference(into, expected)).toBeLessThanOrEqual(30 * n * Number.EPSILON * norm(expected));
});
