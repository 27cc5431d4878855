import { identity, leastSquaresSolution, product, times, transposed } from './dense/matrices.js';
import { indices, type LeafMethod, leafSubject } from './kronecker.js';
import { option } from './naive.js';

interface LeafState {
  readonly sides: readonly number[];
  readonly mean: readonly number[];
  /** Upper triangular, one an axis; none before the first gradient. */
  readonly factors: readonly Float64Array[] | null;
}

/** What mistakes are made in. */
export interface PsgdKronRules {
  /** Whether a gradient of this mean square makes the first factors. */
  begins(square: number): boolean;
  /** The first factors' common multiple of I, for the mean square of the first gradient. */
  scale(square: number, order: number): number;
  correction(beta: number, t: number): number;
  sign: number;
  /** What is stepped by: T is seen, U expected. */
  difference(seen: number, expected: number): number;
  /** P of Q. */
  square(q: Float64Array, n: number): Float64Array;
  /** The share of all other axes in what is expected of one. */
  others(norms: number): number;
}

export const psgdKronRules: PsgdKronRules = {
  begins: (square) => square > 0,
  correction: (beta, t) => 1 - beta ** t,
  sign: -1,
  scale: (square, order) => square ** (-1 / (4 * order)),
  difference: (seen, expected) => seen - expected,
  square: (q, n) => product(transposed(q, n), q, n),
  others: (norms) => norms,
};

/**
 * PSGD-Kron with Q as one whole matrix: what is expected on an axis is the partial trace of Q⁻ᵀQ⁻¹, what is seen that of
 * (Qg)(Qg)ᵀ (Li 2018; Pooladzandi and Li 2024).
 */
export function naivePsgdKron(
  options: Record<string, unknown>,
  changed: Partial<PsgdKronRules> = {},
): LeafMethod<LeafState> {
  const rules = { ...psgdKronRules, ...changed };
  const eta = option(options, 'learningRate', 0.001);
  const beta = option(options, 'beta', 0.9);
  const ofMean = option<string>(options, 'whitens', 'mean') === 'mean';
  const rate = option(options, 'factorRate', 0.3);
  const every = option(options, 'every', 10);
  const warmup = option(options, 'warmup', 100);
  const longest = option(options, 'longest', 512);
  const initial = option(options, 'initial', 0);
  const most = option(options, 'most', 1.1);
  const diagonal = (sides: readonly number[], k: number) => sides.length === 1 || sides[k] > longest;

  return {
    start(shape) {
      const sides = shape.filter((n) => n !== 1);
      if (sides.length === 0) sides.push(1);
      const size = sides.reduce((a, b) => a * b, 1);
      const each = Math.sqrt(initial) ** (1 / sides.length);
      return {
        sides,
        mean: Array(size).fill(0),
        factors: initial > 0 ? sides.map((n) => multiple(n, each)) : null,
      };
    },
    step(state, g, t) {
      const { sides } = state;
      const size = g.length;
      const mean = state.mean.map((m, i) => beta * m + (1 - beta) * g[i]);
      const filtered = mean.map((m) => m / rules.correction(beta, t));
      const fitted = ofMean ? filtered : g;
      const square = fitted.reduce((total, x) => total + x * x, 0) / size;
      let { factors } = state;
      if (factors === null && size > 0 && rules.begins(square)) {
        factors = sides.map((n) => multiple(n, rules.scale(square, sides.length)));
      }
      const still = { update: g.map(() => 0), state: { sides, mean, factors } };
      if (factors === null || size === 0) return still;
      if ((t <= warmup || (t - 1) % every === 0) && square > 0) {
        const q = whole(factors, sides);
        const w = inverse(q, size);
        const expected = product(transposed(w, size), w, size);
        const a = times(q, fitted);
        const next = factors.map((factor, k) => {
          const n = sides[k];
          const [seen, wanted] = [new Float64Array(n * n), new Float64Array(n * n)];
          for (let x = 0; x < size; x++) {
            for (let y = 0; y < size; y++) {
              const [i, j] = [indices(sides, x), indices(sides, y)];
              if (!i.every((value, axis) => axis === k || value === j[axis])) continue;
              if (diagonal(sides, k) && i[k] !== j[k]) continue;
              seen[i[k] * n + j[k]] += a[x] * a[y];
              wanted[i[k] * n + j[k]] += expected[x * size + y];
            }
          }
          const own = Math.hypot(...inverse(factor, n)) ** 2;
          const all = Math.hypot(...w) ** 2;
          const share = rules.others(all / own) / (all / own);
          const sum = seen.map((s, at) => s + share * wanted[at]);
          const step = sum.map((_, at) => {
            const [i, j] = [Math.floor(at / n), at % n];
            const entry = rules.difference(seen[at], share * wanted[at]);
            return j >= i ? (rate / bound(sum, n)) * entry : 0;
          });
          const change = product(step, factor, n);
          return factor.map((entry, at) => entry - change[at]);
        });
        factors = next;
      }
      const q = whole(factors, sides);
      const direction = [...times(rules.square(q, size), filtered)];
      const root = Math.hypot(...direction) / Math.sqrt(size);
      return {
        update: direction.map((d) => rules.sign * eta * d * Math.min(1, most / root || 1)),
        state: { sides, mean, factors },
      };
    },
  };
}

function multiple(n: number, scale: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? scale : 0));
}

/** Q₀ ⊗ Q₁ ⊗ …, entry by entry. */
function whole(factors: readonly Float64Array[], sides: readonly number[]): Float64Array {
  const size = sides.reduce((a, b) => a * b, 1);
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [indices(sides, Math.floor(at / size)), indices(sides, at % size)];
    return factors.reduce((entry, q, k) => entry * q[i[k] * sides[k] + j[k]], 1);
  });
}

function inverse(matrix: Float64Array, n: number): Float64Array {
  const columns = Array.from({ length: n }, (_, j) => {
    return leastSquaresSolution(matrix, identity(n).subarray(j * n, (j + 1) * n), n);
  });
  return Float64Array.from({ length: n * n }, (_, at) => columns[at % n][Math.floor(at / n)]);
}

/** ‖Sx‖/‖x‖ for x = S·(its longest column); of a diagonal S that is its largest entry. */
function bound(s: Float64Array, n: number): number {
  const columns = Array.from({ length: n }, (_, j) => times(s, identity(n).subarray(j * n, (j + 1) * n)));
  const longest = columns.toSorted((a, b) => Math.hypot(...b) - Math.hypot(...a))[0];
  const x = times(s, longest);
  return Math.hypot(...times(s, x)) / Math.hypot(...x);
}

export const psgdKronOracle = leafSubject('psgdKron', (options) => naivePsgdKron(options));
