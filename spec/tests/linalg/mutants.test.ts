import { describe, expect, it } from 'vitest';
import { randomMatrix, scaled, withSingularValues, withSpectrum } from './matrices.js';
import {
  choleskyResidual,
  differenceRatio,
  eigenResidual,
  factorResidual,
  naiveProduct,
  naiveTranspose,
  normRatio,
  orthogonality,
  penrose,
} from './residuals.js';

/** Each algorithm as a first reader would write it, right unless a fault is named. The laws must tell. */

const definite = withSpectrum([1, 2, 4, 8, 16, 32], 1);
const symmetric = withSpectrum([-3, -1, 0.5, 2, 2, 7], 2);
const illConditioned = withSingularValues(7, 5, [1, 2 ** -8, 2 ** -16, 2 ** -24, 2 ** -30], 3);
const deficient = withSingularValues(6, 5, [3, 2, 1], 4);

type CholeskyFault =
  | 'none'
  | 'pivot not rooted'
  | 'last column forgotten'
  | 'upper returned'
  | 'single precision';

function naiveCholesky(a: Float64Array, n: number, fault: CholeskyFault): Float64Array {
  const l = new Float64Array(n * n);
  const rounded = (value: number): number => (fault === 'single precision' ? Math.fround(value) : value);
  for (let j = 0; j < n; j++) {
    const end = fault === 'last column forgotten' ? j - 1 : j;
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j];
      for (let k = 0; k < end; k++) sum = rounded(sum - l[i * n + k] * l[j * n + k]);
      l[i * n + j] = sum;
    }
    const pivot = l[j * n + j];
    for (let i = j; i < n; i++) l[i * n + j] /= fault === 'pivot not rooted' ? pivot : Math.sqrt(pivot);
  }
  return fault === 'upper returned' ? naiveTranspose(l, n, n) : l;
}

type JacobiFault =
  | 'none'
  | 'one sweep'
  | 'rows returned for columns'
  | 'rotation not normalised'
  | 'values sorted alone';

function naiveJacobi(a: Float64Array, n: number, fault: JacobiFault) {
  const work = a.slice();
  let q: Float64Array = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  for (let sweep = 0; sweep < (fault === 'one sweep' ? 1 : 12); sweep++) {
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const off = work[i * n + j];
        if (off === 0) continue;
        const theta = (work[j * n + j] - work[i * n + i]) / (2 * off);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(1 + (fault === 'rotation not normalised' ? t * t * (1 - 1e-11) : t * t));
        const s = c * t;
        for (let k = 0; k < n; k++) rotate(work, k * n + i, k * n + j, c, s);
        for (let k = 0; k < n; k++) rotate(work, i * n + k, j * n + k, c, s);
        for (let k = 0; k < n; k++) rotate(q, k * n + i, k * n + j, c, s);
      }
    }
  }
  const values = Float64Array.from({ length: n }, (_, i) => work[i * n + i]);
  if (fault === 'values sorted alone') values.sort();
  if (fault === 'rows returned for columns') q = naiveTranspose(q, n, n);
  return { values, vectors: q };
}

function rotate(a: Float64Array, i: number, j: number, c: number, s: number): void {
  const [x, y] = [a[i], a[j]];
  a[i] = c * x - s * y;
  a[j] = s * x + c * y;
}

/** Through the eigenvectors of AᵀA: right in exact arithmetic, and unstable. */
function svdOfSquare(a: Float64Array, m: number, n: number) {
  const { values, vectors } = naiveJacobi(naiveProduct(naiveTranspose(a, m, n), a, n, m, n), n, 'none');
  const sigma = values.map((value) => Math.sqrt(Math.max(0, value)));
  const u = naiveProduct(a, vectors, m, n, n).map((entry, at) => entry / (sigma[at % n] || 1));
  return { u, sigma, v: vectors };
}

/** One-sided Jacobi (Hestenes 1958): rotates pairs of columns of A until all are orthogonal. */
function naiveSvd(a: Float64Array, m: number, n: number) {
  const u = a.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 15; sweep++) {
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        let [alpha, beta, gamma] = [0, 0, 0];
        for (let k = 0; k < m; k++) {
          alpha += u[k * n + i] ** 2;
          beta += u[k * n + j] ** 2;
          gamma += u[k * n + i] * u[k * n + j];
        }
        if (Math.abs(gamma) <= 2 ** -52 * Math.sqrt(alpha * beta)) continue;
        const zeta = (beta - alpha) / (2 * gamma);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const c = 1 / Math.sqrt(1 + t * t);
        for (let k = 0; k < m; k++) rotate(u, k * n + i, k * n + j, c, c * t);
        for (let k = 0; k < n; k++) rotate(v, k * n + i, k * n + j, c, c * t);
      }
    }
  }
  const sigma = new Float64Array(n);
  for (let at = 0; at < m * n; at++) sigma[at % n] += u[at] ** 2;
  for (let k = 0; k < n; k++) sigma[k] = Math.sqrt(sigma[k]);
  return { u: u.map((entry, at) => entry / sigma[at % n]), sigma, v };
}

/** Gram–Schmidt; the modified one takes projections from what is left, twice for orthogonality to ε. */
function gramSchmidt(
  a: Float64Array,
  m: number,
  n: number,
  passes: 1 | 2,
): { q: Float64Array; r: Float64Array } {
  const q = a.slice();
  const r = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let pass = 0; pass < passes; pass++) {
      const along = Array.from({ length: j }, (_, i) => {
        let sum = 0;
        for (let k = 0; k < m; k++) sum += q[k * n + i] * q[k * n + j];
        return sum;
      });
      for (const [i, sum] of along.entries()) {
        r[i * n + j] += sum;
        for (let k = 0; k < m; k++) q[k * n + j] -= sum * q[k * n + i];
      }
    }
    let square = 0;
    for (let k = 0; k < m; k++) square += q[k * n + j] ** 2;
    r[j * n + j] = Math.sqrt(square);
    for (let k = 0; k < m; k++) q[k * n + j] /= r[j * n + j];
  }
  return { q, r };
}

describe('the residual laws', () => {
  it.each<CholeskyFault>(['pivot not rooted', 'last column forgotten', 'upper returned', 'single precision'])(
    'kill a Cholesky factorisation with: %s',
    (fault) => {
      expect(choleskyResidual(definite, 6, naiveCholesky(definite, 6, 'none'))).toBeLessThan(30);
      expect(choleskyResidual(definite, 6, naiveCholesky(definite, 6, fault))).toBeGreaterThan(30);
    },
  );

  it.each<JacobiFault>([
    'one sweep',
    'rows returned for columns',
    'rotation not normalised',
    'values sorted alone',
  ])('kill an eigendecomposition with: %s', (fault) => {
    const worst = (which: JacobiFault): number => {
      const { values, vectors } = naiveJacobi(symmetric, 6, which);
      return Math.max(eigenResidual(symmetric, 6, values, vectors), orthogonality(vectors, 6, 6));
    };
    expect(worst('none')).toBeLessThan(30);
    expect(worst(fault)).toBeGreaterThan(30);
  });

  it('kill a singular value decomposition through AᵀA, and one with V transposed', () => {
    const right = naiveSvd(illConditioned, 7, 5);
    expect(factorResidual(illConditioned, 7, 5, right.u, right.sigma, right.v)).toBeLessThan(30);
    expect(orthogonality(right.u, 7, 5)).toBeLessThan(30);
    const squared = svdOfSquare(illConditioned, 7, 5);
    expect(orthogonality(squared.u, 7, 5)).toBeGreaterThan(30);
    const turned = naiveTranspose(right.v, 5, 5);
    expect(factorResidual(illConditioned, 7, 5, right.u, right.sigma, turned)).toBeGreaterThan(30);
  });

  it('kill a QR decomposition by classical Gram–Schmidt', () => {
    const residual = ({ q, r }: { q: Float64Array; r: Float64Array }): number =>
      differenceRatio(illConditioned, naiveProduct(q, r, 7, 5, 5), 7);
    const right = gramSchmidt(illConditioned, 7, 5, 2);
    expect(Math.max(residual(right), orthogonality(right.q, 7, 5))).toBeLessThan(30);
    const classical = gramSchmidt(illConditioned, 7, 5, 1);
    expect(residual(classical)).toBeLessThan(30);
    expect(orthogonality(classical.q, 7, 5)).toBeGreaterThan(30);
  });

  it('kill a pseudoinverse scaled, transposed, or without a cut-off', () => {
    const through = (a: Float64Array, m: number, n: number, cutoff: number): Float64Array => {
      const { u, sigma, v } = svdOfOrthogonalised(a, m, n);
      const largest = Math.max(...sigma);
      const scaledV = v.map((entry, at) => (sigma[at % n] > cutoff * largest ? entry / sigma[at % n] : 0));
      return naiveProduct(scaledV, naiveTranspose(u, m, n), n, n, m);
    };
    const right = through(deficient, 6, 5, 6 * 2 ** -52);
    expect(penrose(deficient, 6, 5, right)).toBeLessThan(30);
    expect(penrose(deficient, 6, 5, scaled(right, 1 + 1e-12))).toBeGreaterThan(30);
    const square = randomMatrix(5, 5, 5);
    const inverse = through(square, 5, 5, 0);
    expect(penrose(square, 5, 5, inverse)).toBeLessThan(30);
    expect(penrose(square, 5, 5, naiveTranspose(inverse, 5, 5))).toBeGreaterThan(30);
    // Without a cut-off it is the pseudoinverse of a neighbour, which Penrose's identities let pass: the norm tells.
    const singular = [3, 2, 1];
    expect(normRatio(right, 6, singular)).toBeLessThan(30);
    expect(normRatio(through(deficient, 6, 5, 0), 6, singular)).toBeGreaterThan(30);
  });
});

/** The naive decomposition, with columns of norm 0 left as zeros. */
function svdOfOrthogonalised(a: Float64Array, m: number, n: number) {
  const { u, sigma, v } = naiveSvd(a, m, n);
  return { u: u.map((entry) => (Number.isFinite(entry) ? entry : 0)), sigma, v };
}
