import fc from 'fast-check';
import type { Residuals } from '../../src/index.js';
import { times } from '../oracles/dense/matrices.js';
import { dyadicVector, nonzeroVector } from './dyadic.js';
import { compose } from './matrices.js';

/** r(x) = J(x − c) + b + ½q∘(x − c)², with the singular values of J chosen. */
export interface ResidualProblem extends Required<Residuals> {
  /** JᵀJ + Σ rᵢ∇²rᵢ of ½‖r‖², row-major. */
  hessian(x: Float64Array): Float64Array;
  readonly m: number;
  readonly n: number;
  readonly singularValues: readonly number[];
  /** Whether q = 0. */
  readonly linear: boolean;
  readonly start: readonly number[];
}

export interface ResidualOptions {
  /** Singular values are 2ᵏ with |k| ≤ reach, default 2. */
  reach?: number;
  /** Which problems are made, default both. */
  linear?: boolean;
}

/** Least-squares problems of 1 … 3 unknowns and up to two more residuals. Shrinks to r(x) = x from 1. */
export function residualProblems(options: ResidualOptions = {}): fc.Arbitrary<ResidualProblem> {
  const { reach = 2, linear } = options;
  return fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(2)).chain(([n, more]) => {
    const m = n + more;
    const vectors = (length: number) =>
      fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: length, maxLength: length }), {
        maxLength: 2,
      });
    return fc
      .tuple(
        fc.array(fc.integer({ min: -reach, max: reach }), { minLength: n, maxLength: n }),
        vectors(m),
        vectors(n),
        dyadicVector(n),
        dyadicVector(m),
        linear === undefined ? fc.boolean() : fc.constant(linear),
        dyadicVector(m),
        nonzeroVector(n),
      )
      .map(([exponents, left, right, centre, offset, isLinear, bend, away]) => {
        const singularValues = exponents.map((k) => 2 ** k);
        const j = rectangular(m, n, singularValues, left, right);
        const q = isLinear ? bend.map(() => 0) : bend;
        return problemOf({ m, n, j, q, centre, offset, singularValues, away });
      });
  });
}

function rectangular(
  m: number,
  n: number,
  singularValues: readonly number[],
  left: number[][],
  right: number[][],
): Float64Array {
  const u = compose(new Array(m).fill(1), left).eigenvectors;
  const v = compose(new Array(n).fill(1), right).eigenvectors;
  const j = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < n; l++) {
      for (let k = 0; k < n; k++) j[i * n + l] += u[i * m + k] * singularValues[k] * v[l * n + k];
    }
  }
  return j;
}

function problemOf(given: {
  m: number;
  n: number;
  j: Float64Array;
  q: readonly number[];
  centre: readonly number[];
  offset: readonly number[];
  singularValues: readonly number[];
  away: readonly number[];
}): ResidualProblem {
  const { m, n, j, q, centre, offset, singularValues, away } = given;
  const from = (x: Float64Array) => x.map((xi, i) => xi - centre[i]);
  const jacobian = (x: Float64Array) => {
    const d = from(x);
    return j.map((entry, at) => {
      const [i, l] = [Math.floor(at / n), at % n];
      return i % n === l ? entry + q[i] * d[l] : entry;
    });
  };
  const residuals = (x: Float64Array) => {
    const d = from(x);
    return times(j, d).map((r, i) => r + offset[i] + (q[i] * d[i % n] ** 2) / 2);
  };
  return {
    m,
    n,
    singularValues,
    linear: q.every((qi) => qi === 0),
    start: centre.map((c, i) => c + away[i]),
    residuals,
    jacobian,
    hessian(x) {
      const [r, at] = [residuals(x), jacobian(x)];
      return Float64Array.from({ length: n * n }, (_, entry) => {
        const [k, l] = [Math.floor(entry / n), entry % n];
        let sum = 0;
        for (let i = 0; i < m; i++) {
          sum += at[i * n + k] * at[i * n + l] + (k === l && i % n === k ? r[i] * q[i] : 0);
        }
        return sum;
      });
    },
    // A person who reads a counterexample wants the numbers.
    toString: () =>
      `r(x) = J(x − c) + b + ½q∘(x − c)², m = ${m}, J = [${j.join(', ')}], c = [${centre}], b = [${offset}], q = [${q}]`,
  } as ResidualProblem;
}
