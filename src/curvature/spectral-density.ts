import { wholeNumber } from '../algebra/argument.js';
import { treeSize } from '../algebra/flatten.js';
import type { Random } from '../algebra/random.js';
import type { Tree } from '../algebra/tree.js';
import { randomSigns } from './diagonal-estimates.js';
import { flat, lanczos, shaped } from './lanczos.js';
import { type LinearOperator, tagged } from './linear-operator.js';

/** Where the eigenvalues of an operator lie: points with weights that add up to 1, in ascending order. */
export interface SpectralDensity {
  readonly kind: 'estimated' | 'nonFinite';
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Stochastic Lanczos quadrature: the mean over Rademacher probes of the quadratures that Lanczos makes, so that
 * Σ weight·f(node) estimates tr f(C)/n. The extreme nodes are near the extreme eigenvalues.
 *
 * Source: Ubaru, Chen and Saad 2017; for deep networks Ghorbani, Krishnan and Xiao 2019.
 *
 * @throws TypeError where the operator is not tagged symmetric; RangeError unless probes ≥ 1 and steps ≥ 1
 * @example spectralDensity(hessian, parameters, random, { probes: 4, steps: 30 })
 */
export function spectralDensity<T>(
  operator: LinearOperator<T>,
  like: Tree<T>,
  random: Random,
  { probes = 1, steps = 20 }: { probes?: number; steps?: number } = {},
): SpectralDensity {
  wholeNumber('spectralDensity', 'probes', probes, '[1, ∞)');
  const { algebra } = operator;
  const found: [node: number, weight: number][] = [];
  for (let probe = 0; probe < probes; probe++) {
    const { kind, values, weights, basis } = algebra.scope(() =>
      lanczos(operator, randomSigns(algebra, like, random), steps),
    );
    algebra.release(basis);
    if (kind === 'nonFinite') {
      return { kind, nodes: new Float64Array(), weights: new Float64Array() };
    }
    values.forEach((value, i) => {
      found.push([value, weights[i] / probes]);
    });
  }
  found.sort(([a], [b]) => a - b);
  return {
    kind: 'estimated',
    nodes: Float64Array.from(found, ([node]) => node),
    weights: Float64Array.from(found, ([, weight]) => weight),
  };
}

/** The share of the eigenvalues in each of so many bins of one width from the least node to the largest. */
export function densityBins({ nodes, weights }: SpectralDensity, bins: number): number[] {
  const shares = new Array<number>(bins).fill(0);
  const [least, most] = [nodes[0], nodes[nodes.length - 1]];
  nodes.forEach((node, i) => {
    const at = most > least ? Math.floor((bins * (node - least)) / (most - least)) : 0;
    shares[Math.min(bins - 1, at)] += weights[i];
  });
  return shares;
}

/**
 * Hutch++: an unbiased estimate of the trace from about as many products as asked for. A third of them finds a basis Q
 * of what the operator does most, another third the trace there exactly, the last Hutchinson's estimate of the rest:
 * its variance falls with the square of the products, where Hutchinson's own falls as they grow.
 *
 * Source: Meyer, Musco, Musco and Woodruff 2021, algorithm 1.
 *
 * @throws TypeError where the operator is not tagged symmetric; RangeError unless products ≥ 3
 * @example hutchPlusPlus(gaussNewton, parameters, random, 30)
 */
export function hutchPlusPlus<T>(
  operator: LinearOperator<T>,
  like: Tree<T>,
  random: Random,
  products: number,
): number {
  tagged('hutchPlusPlus', operator, 'symmetric');
  wholeNumber('hutchPlusPlus', 'products', products, '[3, ∞)');
  const { algebra } = operator;
  const n = treeSize(algebra, like);
  const each = Math.floor(products / 3);
  return algebra.scope(() => {
    const product = (v: T) => flat(algebra, operator.apply(shaped(algebra, v, like)));
    const probe = () => flat(algebra, randomSigns(algebra, like, random));
    const inner = (x: T, y: T) => algebra.number(algebra.dot(x, y));
    let basis: T | undefined;
    const without = (v: T): T => {
      if (basis === undefined) return v;
      const along = algebra.matmul(basis, algebra.reshape(v, [n, 1]));
      return algebra.sub(v, algebra.reshape(algebra.matmul(basis, along, true), [n]));
    };
    let trace = 0;
    for (let k = 0; k < Math.min(each, n); k++) {
      const sketched = product(probe());
      const left = without(without(sketched));
      const length = Math.sqrt(inner(left, left));
      // Rounding is no direction: what is left of a sketch within the basis.
      if (!(length > 8 * n * algebra.epsilon * Math.sqrt(inner(sketched, sketched)))) continue;
      const q = algebra.mul(left, 1 / length);
      const row = algebra.reshape(q, [1, n]);
      basis = basis === undefined ? row : algebra.concat([basis, row], 0);
      trace += inner(q, product(q));
    }
    let rest = 0;
    for (let k = 0; k < each; k++) {
      const g = without(probe());
      rest += inner(g, product(g)) / each;
    }
    return trace + rest;
  });
}
