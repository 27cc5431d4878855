import { type More, type PlainOptimizer, plainSubject } from '../subjects/foreign/plain.js';
import type { LayerSeen } from '../subjects/network.js';
import type { OptimizerSubject } from '../subjects/subject.js';
import { identity, inner, leastSquaresSolution, plus } from './dense/matrices.js';

/** A and G of a layer. */
export interface Factors {
  readonly a: Float64Array;
  readonly g: Float64Array;
}

interface Kept {
  readonly weight: number;
  readonly factors: readonly Factors[];
  readonly velocity: Float64Array;
}

const options = {
  learningRate: 0.1,
  damping: 0.1,
  beta: 0.9,
  mostKl: 0.1,
  form: 'factored',
  labels: 'given',
  memory: 0.95,
  inversesEvery: 1,
};

/** What makes it K-FAC, each to be broken by a mutant. */
export interface KfacFixedParts {
  readonly pi?: (a: Float64Array, g: Float64Array) => number;
  readonly errorsTimes?: (terms: number) => number;
}

/** K-FAC with a constant rate and damping, as a stranger's module sees networks. */
export function naiveKfacFixed({
  pi = traceRatio,
  errorsTimes = (terms) => terms,
}: KfacFixedParts = {}): PlainOptimizer<Kept> {
  return {
    name: 'kfacFixed (naive)',
    claims: 'kfacFixed',
    options,
    init: (x) => ({ weight: 0, factors: [], velocity: new Float64Array(x.length) }),
    step(x, gradient, kept, { layers = [], terms = 1 }: More) {
      const weight = options.memory * kept.weight + 1;
      const factors = layers.map((layer, l) => learnt(kept.factors[l], layer, errorsTimes(terms), weight));
      const u = new Float64Array(x.length);
      for (const [l, layer] of layers.entries()) {
        const end = layer.at + (layer.in + Number(layer.bias)) * layer.out;
        u.set(preconditioned(factors[l], gradient.slice(layer.at, end), options.damping, pi), layer.at);
      }
      const kl = inner(gradient, u);
      const clip = Math.sqrt(options.mostKl / Math.max(kl, options.mostKl));
      const velocity = kept.velocity.map((v, i) => options.beta * v + clip * u[i]);
      return {
        x: x.map((xi, i) => xi - options.learningRate * velocity[i]),
        state: { weight, factors, velocity },
      };
    },
  };
}

/** The means with what a layer saw of this batch, as the newest of `weight`. */
export function learnt(
  before: Factors | undefined,
  layer: LayerSeen,
  errorsTimes: number,
  weight: number,
): Factors {
  const rows = layer.inputs.length / layer.in;
  const mean = (old: Float64Array | undefined, now: Float64Array) =>
    now.map((entry, i) => (old?.[i] ?? 0) * (1 - 1 / weight) + entry / weight);
  return {
    a: mean(before?.a, squares(withOne(layer), rows, 1 / rows)),
    g: mean(before?.g, squares(layer.errors, rows, errorsTimes)),
  };
}

/** π by the traces. */
export const traceRatio = (a: Float64Array, g: Float64Array) => Math.sqrt(meanDiagonal(a) / meanDiagonal(g));

/** A⁻¹VG⁻¹ with the damping shared out by π; of a factor of one number, or of zeros, (A ⊗ G + λI)⁻¹v. */
export function preconditioned(
  { a, g }: Factors,
  v: Float64Array,
  damping: number,
  piOf: NonNullable<KfacFixedParts['pi']> = traceRatio,
): Float64Array {
  const [n, m] = [Math.sqrt(a.length), Math.sqrt(g.length)];
  if (meanDiagonal(a) === 0 || meanDiagonal(g) === 0) return v.map((vi) => vi / damping);
  const alone = n === 1 || m === 1;
  const [pi, root] = [piOf(a, g), Math.sqrt(damping)];
  const left = alone ? a : plus(a, identity(n), pi * root);
  const right = alone ? g : plus(g, identity(m), root / pi);
  const size = n * m;
  const block = Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    const entry =
      left[Math.floor(row / m) * n + Math.floor(column / m)] * right[(row % m) * m + (column % m)];
    return entry + (alone && row === column ? damping : 0);
  });
  return leastSquaresSolution(block, v, size);
}

/** The inputs with a 1 at the end of each row where there is a bias. */
function withOne({ inputs, in: width, bias }: LayerSeen): Float64Array {
  if (!bias) return inputs;
  const rows = inputs.length / width;
  return Float64Array.from({ length: rows * (width + 1) }, (_, at) => {
    const [row, column] = [Math.floor(at / (width + 1)), at % (width + 1)];
    return column === width ? 1 : inputs[row * width + column];
  });
}

function squares(values: Float64Array, rows: number, factor: number): Float64Array {
  const n = values.length / rows;
  return Float64Array.from({ length: n * n }, (_, at) => {
    let total = 0;
    for (let row = 0; row < rows; row++)
      total += values[row * n + Math.floor(at / n)] * values[row * n + (at % n)];
    return total * factor;
  });
}

/** tr M/n. */
export function meanDiagonal(matrix: Float64Array): number {
  const n = Math.sqrt(matrix.length);
  let total = 0;
  for (let i = 0; i < n; i++) total += matrix[i * (n + 1)];
  return total / n;
}

/** The same as a subject of the law of agreement. */
export const kfacFixedOracle: OptimizerSubject = kfacFixedSubject();

export function kfacFixedSubject(parts: KfacFixedParts = {}): OptimizerSubject {
  const defaults = { sharing: 'expand', statisticsEvery: 1, longestSide: 8192 };
  return plainSubject(naiveKfacFixed(parts) as PlainOptimizer, defaults);
}
