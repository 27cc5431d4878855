import type { Algebra } from '../algebra/algebra.js';
import { chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { mapTree, type State, type Tree, treeDot } from '../algebra/tree.js';
import { describeRate, rate, rateAt } from './rate.js';
import type { Schedule } from './schedule.js';
import type { Context, Step, Transform } from './transform.js';

export interface SecantStepsOptions {
  /** η, the length of a step over that of the quasi-Newton direction. */
  learningRate?: number | Schedule;
  /** m, how many pairs are kept. */
  memory?: number;
  /** λ ≥ 0: y counts as y + λs. */
  damping?: number;
}

export const secantStepsOptions: OptionsOf<SecantStepsOptions> = {
  learningRate: rate(0.1, 'η, the length of a step over that of the quasi-Newton direction'),
  memory: whole(10, '[1, ∞)', 'm, how many pairs are kept'),
  damping: number(0.1, '[0, ∞)', 'λ: y counts as y + λs'),
};

/** The last pairs, and the inner products of s₁ … s_k, y₁ … y_k with one another. */
interface SecantState<T> {
  readonly count: number;
  readonly s: readonly Tree<T>[];
  readonly y: readonly Tree<T>[];
  /** 2k×2k, row-major. */
  readonly products: readonly number[];
}

/** A pair is left out unless sᵀy > 10⁻⁸·‖s‖‖y‖. */
const smallestCosine = 1e-8;

/**
 * L-BFGS steps on batches: the update is −ηHu, H the inverse Hessian that the last m pairs imply, begun with γI of the
 * newest; a pair is s, the step, and y, the change of the gradient on the same batch, damped: y + λs.
 *
 * Both gradients of a pair see the same examples (full overlap), so that y is curvature and not the difference of two
 * batches; that costs a second gradient a step. The recursion runs on inner products, which are read together, twice a
 * step. The update is ready to be added: no learning rate follows.
 *
 * State: `count`, the pairs `s` and `y`, and their `products`.
 * Source: Schraudolph, Yu and Günter 2007 (oLBFGS); the recursion on inner products Chen, Wang and Zhou 2014.
 *
 * @throws RangeError on a value outside its interval; TypeError where the step comes with no objective
 * @example secantSteps({ learningRate: 0.1, memory: 20 })
 */
export function secantSteps(options: SecantStepsOptions = {}): Transform {
  const all = chosen('secantSteps', secantStepsOptions, options);
  const { learningRate, memory, damping } = all;
  return {
    name: 'secantSteps',
    options: { ...all, learningRate: describeRate(learningRate) },
    measures: [
      { name: 'pairs', kind: 'number', meaning: 'how many pairs imply the direction' },
      { name: 'pair cosine', kind: 'number', meaning: 'sᵀy/(‖s‖‖y‖) of the newest pair' },
    ],
    init: <T>(): State<T> => ({ count: 0, s: [], y: [], products: [] }),
    update<T>(context: Context<T>, given: State<T>): Step<T> {
      const { algebra, update: g, gradient, parameters, objective } = context;
      if (objective === undefined) {
        throw new TypeError('secantSteps(objective): expected one to evaluate again on the batch, got none');
      }
      const state = given as unknown as SecantState<T>;
      const eta = rateAt(learningRate, state.count);
      const made = algebra.scope(() => {
        const basis = [...state.s, ...state.y, g];
        const pairs = basis.slice(0, -1).map((b) => [b, g] as const);
        const along = pairs.length === 0 ? [] : inner(algebra, pairs);
        const coefficients = direction(state.products, along).map((c) => -eta * c);
        const s = basis
          .map((b, i) => mapTree(algebra, (x) => algebra.mul(x, coefficients[i]), b))
          .reduce((sum, part) => mapTree(algebra, (x, p) => algebra.add(x, p), sum, part));
        const there = mapTree(algebra, (x, d) => algebra.add(x, d), parameters, s);
        const change = mapTree(
          algebra,
          (after, before) => algebra.sub(after, before),
          objective.valueAndGradient(there).gradient,
          gradient,
        );
        const y = mapTree(algebra, (c, d) => algebra.combine(1, c, damping, d), change, s);
        return { s, learning: learnt(algebra, state, s, y, memory) };
      });
      const { s, learning } = made;
      const measures = { pairs: state.s.length, 'pair cosine': learning.cosine };
      return { update: s, state: learning.state as unknown as State<T>, measures };
    },
  };
}

/** Inner products of pairs of trees, in one read. */
function inner<T>(algebra: Algebra<T>, pairs: readonly (readonly [Tree<T>, Tree<T>])[]): number[] {
  const products = pairs.map(([x, y]) => algebra.reshape(treeDot(algebra, x, y), [1]));
  return [...algebra.values(algebra.concat(products, 0))];
}

/** The pairs with a new one, where it has curvature; the oldest makes room. */
function learnt<T>(
  algebra: Algebra<T>,
  { count, s: olderS, y: olderY, products }: SecantState<T>,
  s: Tree<T>,
  y: Tree<T>,
  memory: number,
): { readonly state: SecantState<T>; readonly cosine: number } {
  const drop = olderS.length === memory ? 1 : 0;
  const [keptS, keptY] = [olderS.slice(drop), olderY.slice(drop)];
  const [allS, allY] = [
    [...keptS, s],
    [...keptY, y],
  ];
  const k = allS.length;
  const fresh = inner(
    algebra,
    [...allS, ...allY].flatMap((b) => [[b, s] as const, [b, y] as const]),
  );
  const [ss, sy, yy] = [fresh[2 * (k - 1)], fresh[2 * k - 1], fresh[4 * k - 1]];
  const cosine = fresh.every(Number.isFinite) ? sy / Math.sqrt(ss * yy) : Number.NaN;
  if (!(cosine > smallestCosine)) {
    return { state: { count: count + 1, s: olderS, y: olderY, products }, cosine };
  }
  const before = olderS.length;
  /** Where row i of the new products, s or y, stood among the old ones. */
  const old = (i: number) => (i < k ? i + drop : before + (i - k) + drop);
  const newest = (i: number) => i === k - 1 || i === 2 * k - 1;
  const next = Array.from({ length: 4 * k * k }, (_, at) => {
    const [i, j] = [Math.floor(at / (2 * k)), at % (2 * k)];
    if (newest(j)) return fresh[2 * i + (j === k - 1 ? 0 : 1)];
    if (newest(i)) return fresh[2 * j + (i === k - 1 ? 0 : 1)];
    return products[old(i) * 2 * before + old(j)];
  });
  return { state: { count: count + 1, s: allS, y: allY, products: next }, cosine };
}

/**
 * Hg as coefficients of s₁ … s_k, y₁ … y_k and g, by the two loops on inner products alone.
 *
 * @param products of the pairs, 2k×2k
 * @param along those of each s and y with g
 */
function direction(products: readonly number[], along: readonly number[]): number[] {
  const k = along.length / 2;
  const d = new Array<number>(2 * k + 1).fill(0);
  d[2 * k] = 1;
  if (k === 0) return d;
  const product = (i: number) => {
    let sum = d[2 * k] * along[i];
    for (let j = 0; j < 2 * k; j++) sum += d[j] * products[i * 2 * k + j];
    return sum;
  };
  const curvature = (i: number) => products[i * 2 * k + k + i];
  const alpha = new Array<number>(k).fill(0);
  for (let i = k - 1; i >= 0; i--) {
    alpha[i] = product(i) / curvature(i);
    d[k + i] -= alpha[i];
  }
  const gamma = curvature(k - 1) / products[(2 * k - 1) * 2 * k + 2 * k - 1];
  for (let j = 0; j <= 2 * k; j++) d[j] *= gamma;
  for (let i = 0; i < k; i++) d[i] += alpha[i] - product(k + i) / curvature(i);
  return d;
}
