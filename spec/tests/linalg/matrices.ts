import { create } from './seeded.js';

export interface Case {
  readonly name: string;
  readonly n: number;
  readonly a: Float64Array;
}

/** Entries in (−1, 1), the same for the same seed. */
export function randomMatrix(m: number, n: number, seed: number): Float64Array {
  const next = create(seed);
  return Float64Array.from({ length: m * n }, () => 2 * next() - 1);
}

/** QΛQᵀ from random reflections; symmetrised. */
export function withSpectrum(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  const q = orthogonal(n, seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += q[i * n + k] * values[k] * q[j * n + k];
      a[i * n + j] = a[j * n + i] = sum;
    }
  }
  return a;
}

/** UΣVᵀ, m×n, from random orthogonal U and V. */
export function withSingularValues(
  m: number,
  n: number,
  values: readonly number[],
  seed: number,
): Float64Array {
  const u = orthogonal(m, seed);
  const v = orthogonal(n, seed + 1);
  const a = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < values.length; k++) sum += u[i * m + k] * values[k] * v[j * n + k];
      a[i * n + j] = sum;
    }
  }
  return a;
}

/** A product of three random Householder reflections. */
export function orthogonal(n: number, seed: number): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  for (let reflection = 0; reflection < 3; reflection++) {
    const v = randomMatrix(n, 1, seed + 17 * reflection);
    const square = v.reduce((total, entry) => total + entry * entry, 0);
    for (let i = 0; i < n; i++) {
      let along = 0;
      for (let j = 0; j < n; j++) along += q[i * n + j] * v[j];
      for (let j = 0; j < n; j++) q[i * n + j] -= (2 * along * v[j]) / square;
    }
  }
  return q;
}

export const scaled = (a: Float64Array, factor: number): Float64Array => a.map((entry) => entry * factor);

/** Orders around every threshold and block edge of the code. */
export const orders = [
  1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 18, 20, 31, 32, 33, 36, 47, 48, 49, 50, 63, 64, 65, 81, 97, 130,
];

/** Symmetric matrices known to break careless eigensolvers. */
export function symmetricCases(): Case[] {
  const cases: Case[] = [];
  const add = (name: string, n: number, a: Float64Array): void => {
    cases.push({ name: `${name}, n = ${n}`, n, a });
  };
  for (const n of [2, 3, 8, 17, 40, 65]) {
    const index = Array.from({ length: n }, (_, i) => i);
    add('zeros', n, new Float64Array(n * n));
    add(
      'identity',
      n,
      withSpectrum(
        index.map(() => 1),
        1,
      ).map((entry) => Math.round(entry)),
    );
    add('ones', n, new Float64Array(n * n).fill(1));
    add(
      'repeated',
      n,
      withSpectrum(
        index.map((i) => (i % 2 === 0 ? 3 : -1)),
        2,
      ),
    );
    add(
      'clustered',
      n,
      withSpectrum(
        index.map((i) => 1 + i * 2 ** -50),
        3,
      ),
    );
    add(
      'half rank',
      n,
      withSpectrum(
        index.map((i) => (i < n / 2 ? i + 1 : 0)),
        4,
      ),
    );
    add(
      'one large',
      n,
      withSpectrum(
        index.map((i) => (i === 0 ? 1 : 2 ** -40)),
        5,
      ),
    );
    add(
      'geometric',
      n,
      withSpectrum(
        index.map((i) => 2 ** ((-60 * i) / n)),
        6,
      ),
    );
    add(
      'graded downward',
      n,
      gradedBy(n, (i) => 2 ** ((-80 * i) / n)),
    );
    add(
      'graded upward',
      n,
      gradedBy(n, (i) => 2 ** ((80 * i) / n)),
    );
    add('tridiagonal', n, tridiagonal(n));
    add(
      'Hilbert',
      n,
      Float64Array.from({ length: n * n }, (_, k) => 1 / (1 + Math.floor(k / n) + (k % n))),
    );
    add(
      'arrow',
      n,
      Float64Array.from({ length: n * n }, (_, k) => arrow(Math.floor(k / n), k % n)),
    );
    add(
      'huge',
      n,
      scaled(
        withSpectrum(
          index.map((i) => i - n / 2),
          7,
        ),
        2 ** 500,
      ),
    );
    add(
      'tiny',
      n,
      scaled(
        withSpectrum(
          index.map((i) => i - n / 2),
          8,
        ),
        2 ** -500,
      ),
    );
    add(
      'huge and tiny',
      n,
      gradedBy(n, (i) => 2 ** (i % 2 === 0 ? 200 : -200)),
    );
    add(
      'subnormal',
      n,
      scaled(
        withSpectrum(
          index.map((i) => i + 1),
          9,
        ),
        2 ** -1000,
      ),
    );
  }
  return cases;
}

function gradedBy(n: number, weight: (i: number) => number): Float64Array {
  const random = randomMatrix(n, n, 11);
  return random.map((_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return (random[i * n + j] + random[j * n + i]) * weight(i) * weight(j);
  });
}

/** 2 on the diagonal and −1 beside it. */
function tridiagonal(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => {
    const distance = Math.abs(Math.floor(k / n) - (k % n));
    return distance === 0 ? 2 : distance === 1 ? -1 : 0;
  });
}

const arrow = (i: number, j: number): number => (i === j ? i + 1 : i === 0 || j === 0 ? 1 : 0);
