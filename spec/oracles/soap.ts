import { identity, jacobi, product, transposed } from './dense/matrices.js';
import { blocksOf, gramOf, kronecker, type LeafMethod, leafSubject } from './kronecker.js';
import { option } from './naive.js';

interface BlockState {
  readonly mean: readonly number[];
  readonly square: readonly number[];
  readonly statistics: readonly Float64Array[];
  readonly bases: readonly Float64Array[];
}

interface LeafState {
  readonly shape: readonly number[];
  readonly blocks: readonly BlockState[];
}

/** What mistakes are made in. */
export interface SoapRules {
  /** Steps that are left out at the start. */
  skipped: number;
  /** What t of the corrections counts. */
  count(t: number): number;
  moveMean(
    turns: readonly Float64Array[],
    mean: readonly number[],
    sides: readonly number[],
  ): readonly number[];
  moveSquare(
    turns: readonly Float64Array[],
    square: readonly number[],
    sides: readonly number[],
  ): readonly number[];
  back(bases: readonly Float64Array[], x: readonly number[], sides: readonly number[]): readonly number[];
}

export const soapRules: SoapRules = {
  skipped: 1,
  count: (t) => t - 1,
  moveMean: (turns, mean, sides) => kronecker(turns, mean, sides, true),
  moveSquare: (turns, square, sides) =>
    kronecker(
      turns.map((turn) => turn.map((entry) => entry * entry)),
      square,
      sides,
      true,
    ),
  back: (bases, x, sides) => kronecker(bases, x, sides),
};

/** SOAP with whole Kronecker products of the bases (Vyas et al. 2024, algorithms 3 and 4). */
export function naiveSoap(
  options: Record<string, unknown>,
  changed: Partial<SoapRules> = {},
): LeafMethod<LeafState> {
  const rules = { ...soapRules, ...changed };
  const eta = option(options, 'learningRate', 0.003);
  const beta1 = option(options, 'beta1', 0.95);
  const beta2 = option(options, 'beta2', 0.95);
  const epsilon = option(options, 'epsilon', 1e-8);
  const every = option(options, 'every', 10);
  const longest = option(options, 'block', 256);
  const byQr = option<string>(options, 'basis', 'eigen') === 'qr';
  const tolerance = option(options, 'tolerance', 0);
  const places = (shape: readonly number[]) => (shape.includes(0) ? [] : blocksOf(shape, longest));

  function renewed(a: Float64Array, q: Float64Array, n: number, first: boolean): Float64Array {
    const inBasis = product(transposed(q, n), product(a, q, n), n);
    const off = Math.hypot(...inBasis.map((entry, at) => (at % (n + 1) === 0 ? 0 : entry)));
    if (!first && tolerance > 0 && off <= tolerance * Math.hypot(...a)) return q;
    if (first || !byQr) return jacobi(a, n).vectors;
    const order = Array.from({ length: n }, (_, i) => i).sort(
      (i, j) => inBasis[j * n + j] - inBasis[i * n + i] || i - j,
    );
    return gramSchmidt(
      product(
        a,
        q.map((_, at) => q[at - (at % n) + order[at % n]]),
        n,
      ),
      n,
    );
  }

  return {
    start: (shape) => ({
      shape,
      blocks: places(shape).map(({ sides, at }) => ({
        mean: at.map(() => 0),
        square: at.map(() => 0),
        statistics: sides.length === 1 ? [] : sides.map((n) => new Float64Array(n * n)),
        bases: sides.length === 1 ? [] : sides.map(identity),
      })),
    }),
    step({ shape, blocks }, g, t) {
      const update = g.map(() => 0);
      const next = places(shape).map(({ sides, at }, b): BlockState => {
        const own = at.map((k) => g[k]);
        let { mean, square, bases } = blocks[b];
        const isMatrix = bases.length > 0;
        if (t > rules.skipped) {
          const rotated = isMatrix ? kronecker(bases, own, sides, true) : own;
          mean = mean.map((m, i) => beta1 * m + (1 - beta1) * rotated[i]);
          square = square.map((v, i) => beta2 * v + (1 - beta2) * rotated[i] * rotated[i]);
          const count = rules.count(t);
          const direction = mean.map((m, i) => {
            return m / (1 - beta1 ** count) / (Math.sqrt(square[i] / (1 - beta2 ** count)) + epsilon);
          });
          const made = isMatrix ? rules.back(bases, direction, sides) : direction;
          at.forEach((k, i) => {
            update[k] = -eta * made[i];
          });
        }
        const statistics = blocks[b].statistics.map((old, axis) => {
          const added = gramOf(own, sides, axis);
          return old.map((a, i) => beta2 * a + (1 - beta2) * added[i]);
        });
        if (isMatrix && (t - 1) % every === 0) {
          const old = bases;
          bases = bases.map((q, axis) => renewed(statistics[axis], q, sides[axis], t === 1));
          const turns = bases.map((q, axis) => product(transposed(old[axis], sides[axis]), q, sides[axis]));
          mean = rules.moveMean(turns, mean, sides);
          square = rules.moveSquare(turns, square, sides);
        }
        return { mean, square, statistics, bases };
      });
      return { update, state: { shape, blocks: next } };
    },
  };
}

/** The columns made orthonormal one after the other, twice over; a column that is nothing new is any new one. */
function gramSchmidt(a: Float64Array, n: number): Float64Array {
  const q = new Float64Array(n * n);
  const size = Math.hypot(...a);
  for (let k = 0; k < n; k++) {
    for (let candidate = -1; candidate < n; candidate++) {
      const v = Array.from({ length: n }, (_, i) => (candidate < 0 ? a[i * n + k] : i === candidate ? 1 : 0));
      for (let pass = 0; pass < 2; pass++) {
        for (let j = 0; j < k; j++) {
          const along = v.reduce((total, vi, i) => total + vi * q[i * n + j], 0);
          for (let i = 0; i < n; i++) v[i] -= along * q[i * n + j];
        }
      }
      const length = Math.hypot(...v);
      if (length <= 1e-12 * (candidate < 0 ? size : 1e6)) continue;
      for (let i = 0; i < n; i++) q[i * n + k] = v[i] / length;
      break;
    }
  }
  return q;
}

export const soapOracle = leafSubject('soap', (options) => naiveSoap(options));
