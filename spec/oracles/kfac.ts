import {
  type LayeredOptions,
  type LayeredSubject,
  layeredClaims,
  type ModelStep,
  type ModelSteps,
} from '../subjects/layered.js';
import {
  identity,
  inner,
  jacobi,
  leastSquaresSolution,
  matrixOf,
  plus,
  times,
  transposed,
} from './dense/matrices.js';
import { denseGaussNewton, lossAndGradient, mapTerms, type Setting } from './network/dense-curvature.js';
import { termLosses } from './network/losses.js';
import { bearsLastLayer, forward, places, pull, termsOf } from './network/network.js';
import { balancedSign } from './network/network-problem.js';

/** What a layer's factors are sums over: one list a row. */
interface Rows {
  readonly inputs: readonly (readonly number[])[];
  readonly errors: readonly (readonly number[])[];
}

interface Factors {
  readonly n: number;
  readonly m: number;
  readonly a: Float64Array;
  readonly g: Float64Array;
  /** E[āᵀā⁺] and E[ēᵀē⁺] with the layer after it. */
  readonly next?: { readonly a: Float64Array; readonly g: Float64Array };
  /** The diagonal of the curvature in the factors' eigenbasis, i·m + j, by the rows it was learnt from. */
  readonly diagonal: (basis: Basis) => Float64Array;
}

interface Basis {
  readonly a: Float64Array;
  readonly g: Float64Array;
}

/** The rules that make K-FAC right, each to be broken by a mutant. */
export interface KfacRules {
  /** What stands at the end of the inputs for the bias. */
  readonly one: number;
  /** A = Σ āᵀā over this, G = Σ ēᵀē times that. */
  readonly inputsOver: (rows: number, terms: number) => number;
  readonly errorsTimes: (terms: number, rows: number) => number;
  /** What the sum of an example's inputs is divided by where its rows are reduced to one. */
  readonly positions: (sharing: number) => number;
  readonly pi: (a: Float64Array, n: number, g: Float64Array, m: number) => number;
  /** What π multiplies in A, and 1/π in G. */
  readonly root: (damping: number) => number;
  /** Whether a factor of one number, or of zeros, is an exception. */
  readonly exceptions: boolean;
  /** Entry (ik, jl) of A ⊗ G. */
  readonly entry: (a: Float64Array, n: number, g: Float64Array, m: number, at: Place) => number;
  /** The weight of the newest batch among those so far, `count` of them. */
  readonly weight: (before: number, memory: number) => { readonly weight: number; readonly share: number };
  /** Whether the curvature used is the one that has learnt from the newest batch. */
  readonly fresh: boolean;
  /** What is added to the eigenvalues. */
  readonly added: (damping: number) => number;
  readonly corrected: (factors: Factors, basis: Basis, eigenvalues: Float64Array) => Float64Array;
  /** What of a layer's block the next layer does not foretell, and whether it is told of what that leaves. */
  readonly conditional: (own: Float64Array, foretold: Float64Array) => Float64Array;
  readonly told: boolean;
}

interface Place {
  readonly i: number;
  readonly j: number;
  readonly k: number;
  readonly l: number;
}

const trace = (x: Float64Array, n: number) =>
  Array.from({ length: n }, (_, i) => x[i * (n + 1)]).reduce((sum, xi) => sum + xi, 0);

export const rightRules: KfacRules = {
  one: 1,
  inputsOver: (rows) => rows,
  errorsTimes: (terms) => terms,
  positions: (sharing) => sharing,
  pi: (a, n, g, m) => Math.sqrt(trace(a, n) / n / (trace(g, m) / m)),
  root: Math.sqrt,
  exceptions: true,
  entry: (a, n, g, m, { i, j, k, l }) => a[i * n + j] * g[k * m + l],
  weight: (before, memory) => ({ weight: memory * before + 1, share: 1 / (memory * before + 1) }),
  fresh: true,
  added: (damping) => damping,
  corrected: (factors, basis) => factors.diagonal(basis),
  conditional: (own, foretold) => plus(own, foretold, -1),
  told: true,
};

/** K-FAC by plain loops: every block a dense matrix, every solve a least-squares one. */
export function naiveKfac(
  batches: readonly Setting[],
  options: LayeredOptions,
  changed: Partial<KfacRules> = {},
): (v: Float64Array) => Float64Array {
  const rules = { ...rightRules, ...changed };
  const { network, x } = batches[0];
  let weight = 0;
  let learnt: Factors[] = [];
  let used: Factors[] = [];
  for (const batch of batches) {
    const next = rules.weight(weight, options.memory);
    weight = next.weight;
    const now = factorsOf(batch, options, rules);
    const before = learnt;
    learnt = now.map((factors, l) => averaged(before[l], factors, next.share));
    used = rules.fresh || before.length === 0 ? learnt : before;
  }
  const blocks = used.map((factors) => denseBlock(factors, options, rules));
  if (options.form === 'tridiagonal') return solveChain(network, blocks, used.map(besideBlock), rules);
  return (v) => {
    const found = new Float64Array(x.length);
    places(network).forEach(({ kernel, end }, l) => {
      found.set(leastSquaresSolution(blocks[l], v.subarray(kernel, end), end - kernel), kernel);
    });
    return found;
  };
}

/** A layer's block with the next, or nothing at the end. */
function besideBlock({ n, m, next }: Factors): Float64Array {
  if (next === undefined) return new Float64Array();
  const [after, beyond] = [next.a.length / n, next.g.length / m];
  const columns = after * beyond;
  return Float64Array.from({ length: n * m * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    const a = next.a[Math.floor(row / m) * after + Math.floor(column / beyond)];
    return a * next.g[(row % m) * beyond + (column % beyond)];
  });
}

/**
 * The blocks of a chain that its inverse is made from: those of the layers, damped, and those of each with the next.
 */
export function naiveChain(setting: Setting, options: LayeredOptions) {
  const factors = factorsOf(setting, options, rightRules);
  return {
    own: factors.map((one) => denseBlock(one, options, rightRules)),
    beside: factors.slice(0, -1).map(besideBlock),
  };
}

/** v ↦ ΞᵀΛΞv, each layer conditioned on the next. */
function solveChain(
  network: Setting['network'],
  own: readonly Float64Array[],
  beside: readonly Float64Array[],
  rules: KfacRules,
): (v: Float64Array) => Float64Array {
  const all = places(network);
  const length = (i: number) => all[i].end - all[i].kernel;
  const last = own.length - 1;
  const foretold = (i: number, after: Float64Array) =>
    times(beside[i], leastSquaresSolution(own[i + 1], after, length(i + 1)));
  const left = own.map((block, i) => {
    if (i === last) return block;
    const back = transposed(beside[i], length(i));
    return rules.conditional(
      block,
      matrixOf(length(i), (unit) => foretold(i, times(back, unit))),
    );
  });
  return (v) => {
    const parts = all.map(({ kernel, end }) => v.slice(kernel, end));
    const solved = parts.map((part, i) => {
      const rest = i === last ? part : plus(part, foretold(i, parts[i + 1]), -1);
      return leastSquaresSolution(left[i], rest, length(i));
    });
    const found = new Float64Array(v.length);
    all.forEach(({ kernel }, i) => {
      const told = i > 0 && rules.told;
      const before = told ? times(transposed(beside[i - 1], length(i - 1)), solved[i - 1]) : solved[i];
      found.set(told ? plus(solved[i], leastSquaresSolution(own[i], before, length(i)), -1) : before, kernel);
    });
    return found;
  };
}

function averaged(before: Factors | undefined, now: Factors, share: number): Factors {
  const mean = (x: Float64Array | undefined, y: Float64Array) =>
    y.map((yi, i) => (1 - share) * (x?.[i] ?? 0) + share * yi);
  return {
    ...now,
    a: mean(before?.a, now.a),
    g: mean(before?.g, now.g),
    ...(now.next && { next: { a: mean(before?.next?.a, now.next.a), g: mean(before?.next?.g, now.next.g) } }),
    diagonal: (basis) => mean(before?.diagonal(basis), now.diagonal(basis)),
  };
}

function factorsOf(setting: Setting, { sharing, labels }: LayeredOptions, rules: KfacRules): Factors[] {
  const { network, x, inputs } = setting;
  const passed = forward(network, x, inputs);
  const terms = termsOf(network, passed.rows);
  const loss = termLosses[network.loss];
  const sent = mapTerms(setting, passed, (z, y, t) => {
    const own =
      labels === 'given'
        ? loss.residual(z, y)
        : loss.factor(
            z,
            z.map((_, k) => balancedSign(t, k)),
          );
    return own.map((r) => r / terms);
  });
  const { errors } = pull(network, x, passed, sent);
  const allRows = passed.applications.map(({ layer, inputs: seen }, at) => {
    const { outputs: m, inputs: width, bias } = network.layers[layer];
    const n = bias ? width + 1 : width;
    const listed = (values: Float64Array, length: number) =>
      Array.from({ length: passed.rows }, (_, row) => [...values.subarray(row * length, (row + 1) * length)]);
    let rows: Rows = { inputs: listed(seen, width), errors: listed(errors[at], m) };
    if (sharing === 'reduce') {
      const summed = (lists: Rows['inputs'], over: number) =>
        Array.from({ length: passed.rows / network.sharing }, (_, e) =>
          lists[0].map((__, column) => {
            const own = lists.slice(e * network.sharing, (e + 1) * network.sharing);
            return own.reduce((sum, row) => sum + row[column], 0) / over;
          }),
        );
      rows = {
        inputs: summed(rows.inputs, rules.positions(network.sharing)),
        errors: summed(rows.errors, 1),
      };
    }
    if (bias) rows = { ...rows, inputs: rows.inputs.map((row) => [...row, rules.one]) };
    return { n, m, rows };
  });
  return allRows.map(({ n, m, rows }, at): Factors => {
    const count = rows.inputs.length;
    const products = (x: Rows['inputs'], y: Rows['inputs'], factor: number) => {
      const [rowLength, columns] = [x[0].length, y[0].length];
      return Float64Array.from({ length: rowLength * columns }, (_, ij) =>
        x.reduce((sum, row, r) => sum + row[Math.floor(ij / columns)] * y[r][ij % columns] * factor, 0),
      );
    };
    const [overA, timesG] = [1 / rules.inputsOver(count, terms), rules.errorsTimes(terms, count)];
    const after = allRows[at + 1]?.rows;
    return {
      n,
      m,
      a: products(rows.inputs, rows.inputs, overA),
      g: products(rows.errors, rows.errors, timesG),
      ...(after && {
        next: {
          a: products(rows.inputs, after.inputs, overA),
          g: products(rows.errors, after.errors, timesG),
        },
      }),
      diagonal: (basis) =>
        Float64Array.from({ length: n * m }, (_, ik) => {
          const [i, k] = [Math.floor(ik / m), ik % m];
          return rows.inputs.reduce((sum, row, r) => {
            const along = row.reduce((total, value, j) => total + value * basis.a[j * n + i], 0);
            const across = rows.errors[r].reduce((total, value, l) => total + value * basis.g[l * m + k], 0);
            return sum + terms * (along * across) ** 2;
          }, 0);
        }),
    };
  });
}

function denseBlock(factors: Factors, { form, damping }: LayeredOptions, rules: KfacRules): Float64Array {
  const { n, m, a, g } = factors;
  const size = n * m;
  const kronecker = (left: Float64Array, right: Float64Array) =>
    Float64Array.from({ length: size * size }, (_, at) => {
      const [row, column] = [Math.floor(at / size), at % size];
      const place = { i: Math.floor(row / m), k: row % m, j: Math.floor(column / m), l: column % m };
      return rules.entry(left, n, right, m, place);
    });
  const lifted = (matrix: Float64Array, order: number, by: number) => plus(matrix, identity(order), by);
  if (form === 'factored' || form === 'tridiagonal') {
    if (rules.exceptions) {
      if (trace(a, n) === 0 || trace(g, m) === 0) return identity(size).map((entry) => entry * damping);
      if (n === 1 || m === 1) return lifted(kronecker(a, g), size, damping);
    }
    const pi = rules.pi(a, n, g, m);
    const root = rules.root(damping);
    return kronecker(lifted(a, n, pi * root), lifted(g, m, root / pi));
  }
  const added = rules.added(damping);
  if (form === 'exact') return lifted(kronecker(a, g), size, added);
  const [left, right] = [jacobi(a, n), jacobi(g, m)];
  const basis = { a: left.vectors, g: right.vectors };
  const products = Float64Array.from({ length: size }, (_, ik) => {
    return left.values[Math.floor(ik / m)] * right.values[ik % m];
  });
  const diagonal = rules.corrected(factors, basis, products);
  const q = (row: number, column: number) =>
    basis.a[Math.floor(row / m) * n + Math.floor(column / m)] * basis.g[(row % m) * m + (column % m)];
  const matrix = Float64Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    return diagonal.reduce((sum, value, k) => sum + q(row, k) * value * q(column, k), 0);
  });
  return lifted(matrix, size, added);
}

/** K-FAC's curvature (naive). */
export const kfacOracle: LayeredSubject = {
  kind: 'layered',
  name: 'kroneckerCurvature (naive)',
  epsilon: 2 ** -52,
  claims: layeredClaims,
  after: (batches, options) => naiveKfac(batches, options),
  scope: (body) => body(),
};

/** The rules of steps by a quadratic model, each to be broken by a mutant. */
export interface ModelStepRules {
  /** The λ of the model that rate and momentum minimize. */
  readonly modelDamping: (damping: number) => number;
  /** The λ of the model that ρ divides by. */
  readonly ratioDamping: (damping: number) => number;
  readonly momentum: (mu: number) => number;
  /** τ below which the last layer has no rate of its own. */
  readonly leastApart: number;
  /** What λ is multiplied by, ω the decay and τ the multiple. */
  readonly factor: (ratio: number, omega: number, multiple: number) => number;
  /** Whether a step that raises the loss is halved. */
  readonly refuses: boolean;
  /** The batch whose slope and bend τ is made of, of the last step's own and the one after. */
  readonly asked: (own: Setting, after: Setting) => Setting;
  /** What is kept of the sums of τ. */
  readonly memory: number;
}

const ownFactor = (ratio: number, omega: number) => {
  if (ratio < 1 / 4) return omega ** -1;
  return ratio > 0.95 ? omega ** 2 : ratio > 3 / 4 ? omega : 1;
};

export const rightSteps: ModelStepRules = {
  modelDamping: (damping) => damping,
  ratioDamping: () => 0,
  momentum: (mu) => mu,
  leastApart: 1 / 2,
  factor: (ratio, omega, multiple) => {
    if (Number.isNaN(ratio) || ratio < -1) return omega ** -4;
    if (multiple < 1 / 2) return omega ** -1;
    return multiple < 0.9 ? Math.max(1, ownFactor(ratio, omega)) : ownFactor(ratio, omega);
  },
  refuses: true,
  asked: (_, after) => after,
  memory: 0.8,
};

/** Steps along −g, of the last layer and of the others, and the last step, by the dense quadratic model. */
export function naiveModelSteps(changed: Partial<ModelStepRules> = {}): ModelSteps['run'] {
  const rules = { ...rightSteps, ...changed };
  return (batches, { damping: start, decay }) => {
    let [{ x }, damping, slope, bend] = [batches[0], start, 0, 0];
    let last: Float64Array | undefined;
    return batches.map((batch, k): ModelStep => {
      const at = { ...batch, x };
      const { gradient, value } = lossAndGradient(at);
      const ggn = denseGaussNewton(at);
      const direction = gradient.map((g) => -g);
      const bent = (d: Float64Array, e: Float64Array, by: number) =>
        inner(d, times(ggn, e)) + by * inner(d, e);
      if (last !== undefined) {
        const asked = { ...rules.asked(batches[k - 1], batch), x };
        slope = rules.memory * slope + inner(lossAndGradient(asked).gradient, last);
        bend = rules.memory * bend + inner(last, times(denseGaussNewton(asked), last));
      }
      const multiple = bend === 0 ? 1 : 1 - slope / bend;
      const by = rules.modelDamping(damping);
      const from = places(at.network).at(-1)!.kernel;
      const own = direction.map((d, i) => (i < from ? 0 : d));
      const apart =
        bearsLastLayer(at.network, at.inputs) && from > 0 && bend > 0 && multiple >= rules.leastApart;
      const parts = apart ? [plus(direction, own, -1), own] : [direction];
      const directions = last === undefined ? parts : [...parts, last];
      const [b, q] = [
        directions.map((d) => inner(gradient, d)),
        directions.map((d) => directions.map((e) => bent(d, e, by))),
      ];
      const weights = byElimination(
        q,
        b.map((entry) => -entry),
      );
      const mu = last === undefined ? 0 : rules.momentum(weights[parts.length]);
      const step = direction.map((_, i) =>
        parts.reduce((sum, part, k) => sum + weights[k] * part[i], mu * (last?.[i] ?? 0)),
      );
      const predicted = inner(gradient, step) + bent(step, step, rules.ratioDamping(damping)) / 2;
      const changeOver = (d: Float64Array) => lossAndGradient({ ...at, x: plus(x, d) }).value - value;
      const ratio = changeOver(step) / predicted;
      const halves = [2, 4, 8, 16].map((part) => step.map((d) => d / part));
      const update =
        ratio >= 0 || !rules.refuses ? step : (halves.find((d) => changeOver(d) <= 0) ?? step.map(() => 0));
      const next = damping * rules.factor(ratio, decay, multiple);
      const taken = { update, damping, next, ratio, multiple, momentum: mu };
      x = plus(x, update);
      [damping, last] = [next, update];
      return taken;
    });
  };
}

/** Qw = c, w 0 for what depends on the unknowns before it to within 10⁻⁶. */
function byElimination(q: readonly (readonly number[])[], c: readonly number[]): number[] {
  const kept: number[] = [];
  const solved = (of: readonly number[], right: (i: number) => number) => {
    const matrix = Float64Array.from(of.flatMap((i) => of.map((j) => q[i][j])));
    return leastSquaresSolution(matrix, Float64Array.from(of, right), of.length);
  };
  for (const i of q.keys()) {
    const along = kept.length === 0 ? [] : solved(kept, (k) => q[k][i]);
    const left = kept.reduce((rest, k, at) => rest - q[i][k] * along[at], q[i][i]);
    if (left > (kept.length === 0 ? 0 : 1e-6 * q[i][i])) kept.push(i);
  }
  const found = solved(kept, (k) => c[k]);
  return q.map((_, i) => (kept.includes(i) ? found[kept.indexOf(i)] : 0));
}

/** Steps by a quadratic model (naive). */
export const modelStepsOracle: ModelSteps = {
  kind: 'modelSteps',
  name: 'quadraticSteps (naive)',
  epsilon: 2 ** -52,
  claims: ['26d', '26e', '26f', '26h'],
  run: naiveModelSteps(),
  scope: (body) => body(),
};
