import type { Algebra } from '../algebra/algebra.js';
import { choice, chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { entries, mapTree, type State, type Tree, zerosLike } from '../algebra/tree.js';
import { alongAxes, gram } from '../curvature/along-axes.js';
import { type Blocking, blocking, blockShapes, join, split } from '../curvature/blocks.js';
import { inverseRootOf, type RootRule } from '../curvature/inverse-root.js';
import type { Outcome } from '../objective/outcome.js';
import { type Graft, grafted, graftOption, graftSquare, graftStep } from './graft.js';
import { describeSelection, nothing, type Selection, selection, selector } from './selection.js';
import type { Context, Step, Transform } from './transform.js';

export interface RootsOptions {
  /** β₁, the memory of the mean that is preconditioned, in [0, 1). */
  beta1?: number;
  /** β₂, the memory of the statistics, in [0, 1]; with 1 they are sums, as in Adagrad. */
  beta2?: number;
  /** ε ≥ 0: a ridge relative to the largest eigenvalue, and what is added beside a vector's root. */
  epsilon?: number;
  /** Steps from one renewal of the roots to the next. */
  every?: number;
  /** The step, counted from 1, from which on the roots are used. */
  start?: number;
  /** The longest side of a block. */
  block?: number;
  /** Whose length a block's step has; see {@link Graft}. */
  graft?: Graft;
  /** 'gram': GGᵀ a side. 'kl': G preconditioned on all other sides, by which A⊗B is nearest in divergence. */
  statistics?: 'gram' | 'kl';
  /** Whether a vector has a diagonal or a whole matrix. */
  vectors?: 'diagonal' | 'matrix';
  /** Roots on the host by eigenvalues, or on the device by coupled Newton. */
  root?: RootRule['by'];
  /** How far from diagonal, relative to its norm, a statistic may be in its last eigenbasis; 0 decomposes anew. */
  tolerance?: number;
  /** Which matrices hold queries, keys and values side by side and have blocks for each; see `mergedAttention`. */
  merged?: Selection;
}

export const rootsOptions: OptionsOf<RootsOptions> = {
  beta1: number(0.9, '[0, 1)', 'β₁, the memory of the mean'),
  beta2: number(0.999, '[0, 1]', 'β₂, the memory of the statistics; 1 sums them'),
  epsilon: number(1e-6, '[0, ∞)', 'ε, a ridge relative to the largest eigenvalue'),
  every: whole(10, '[1, ∞)', 'steps from one renewal of the roots to the next'),
  start: whole(1, '[1, ∞)', 'the step from which on the roots are used'),
  block: whole(256, '[1, ∞)', 'the longest side of a block'),
  graft: graftOption,
  statistics: choice('gram', ['gram', 'kl'], 'what the factors are the running mean of'),
  vectors: choice('diagonal', ['diagonal', 'matrix'], 'what a vector is preconditioned by'),
  root: choice('eigen', ['eigen', 'newton'], 'roots on the host, or on the device by products'),
  tolerance: number(0, '[0, 1)', 'how far from diagonal a statistic may be in its last eigenbasis'),
  merged: selection('which matrices hold q, k and v side by side and have blocks for each', nothing),
};

/** One block: for each axis the running Gram matrix and its inverse root; a vector's are a square and no root. */
type Block<T> = {
  readonly statistics: readonly T[];
  readonly roots: readonly T[];
  readonly bases: readonly (T | null)[];
};

type RootsState<T> = {
  readonly count: number;
  readonly mean: Tree<T> | null;
  readonly square: Tree<T> | null;
  readonly leaves: readonly (readonly Block<T>[])[];
};

/**
 * Shampoo's direction. For each axis k of a block G of order q: Aₖ ← β₂Aₖ + (1 − β₂)G₍ₖ₎G₍ₖ₎ᵀ, and the update is the
 * mean of the gradients times (Aₖ/(1 − β₂ᵗ) + ελ₁I)^(−1/2q) along each axis, as long as the grafted method's.
 *
 * A leaf of any rank is merged and cut into blocks (see {@link blocking}); a vector is divided by √v̂ + ε, or has a
 * whole matrix with exponent −½. With statistics 'kl', Aₖ is the mean of G̃₍ₖ₎G̃₍ₖ₎ᵀ/∏ⱼ≠ₖdⱼ with G̃ preconditioned
 * on all other sides, and each side has exponent −½. Before `start` the update is the grafted method's.
 *
 * A root that Newton's iteration misses is computed again on the host; one that the host misses is the last one.
 * Statistics that are not finite end the run by an outcome that names the parameter.
 *
 * State: `count`; `mean` and `square` like the parameters where they are needed; `leaves`, for each leaf a list of
 * blocks with `statistics`, `roots` and `bases`, one an axis.
 * Source: Gupta, Koren and Singer 2018, algorithms 1 and 2; Anil et al. 2020 (blocks, grafting, Newton roots);
 * Shi et al. 2023, sections 3 and 4; Lin et al. 2025 (KL-Shampoo).
 *
 * @throws RangeError on a value outside its interval
 * @example chain(preconditionByRoots({ every: 10 }), learningRate(0.001))
 */
export function preconditionByRoots(options: RootsOptions = {}): Transform {
  const settings = chosen('preconditionByRoots', rootsOptions, options);
  const { merged, ...plain } = settings;
  const isMerged = selector('preconditionByRoots', 'merged', merged);
  const cutOf = (path: string, shape: readonly number[]) =>
    blocking(shape, block, isMerged(path, shape) ? 3 : 1);
  const { beta1, beta2, epsilon, every, start, block, graft, statistics, vectors, root, tolerance } =
    settings;
  const rule: RootRule = { ridge: epsilon, by: root, tolerance };
  const kl = statistics === 'kl';

  return {
    name: 'preconditionByRoots',
    options: { ...plain, ...(merged !== nothing && { merged: describeSelection(merged) }) },
    init<T>(parameters: Tree<T>, algebra: Algebra<T>): State<T> {
      return {
        count: 0,
        mean: beta1 > 0 ? zerosLike(algebra, parameters) : null,
        square: graftSquare(algebra, graft, parameters),
        leaves: entries(algebra, parameters).map(([path, leaf]) =>
          blockShapes(cutOf(path, algebra.shape(leaf))).map((shape) => startOf(algebra, shape)),
        ),
      };
    },
    update<T>({ algebra, update, step }: Context<T>, state: RootsState<T>): Step<T> {
      const count = state.count + 1;
      const { mean, filtered, like, square } = graftStep(
        algebra,
        graft,
        { beta1, beta2, count },
        update,
        state,
      );
      const renews = count >= start && (count - start) % every === 0;
      const correction = beta2 === 1 ? 1 : 1 - beta2 ** count;

      const paths = entries(algebra, update).map(([path]) => path);
      const blocks: (readonly Block<T>[])[] = [];
      let outcome: Outcome | undefined;
      const direction = mapTree(
        algebra,
        (u, m, length) => {
          const at = blocks.length; // leaves are visited in the order of `entries`
          const shape = algebra.shape(u);
          const cut: Blocking = cutOf(paths[at], shape);
          const [gs, ms, lengths] = [u, m, length].map((x) => split(algebra, x, cut));
          const next = state.leaves[at].map((one, i) => {
            const counted = accumulated(algebra, one, gs[i]);
            const renewed = renews ? withRoots(algebra, counted, correction) : counted;
            if (renewed === undefined) {
              outcome ??= {
                kind: 'nonFinite',
                message: `The statistics of ${paths[at] || 'the parameters'} are not finite at step ${step}.`,
              };
            }
            return renewed ?? counted;
          });
          blocks.push(next);
          if (count < start || next.length === 0) return length;
          const made = next.map((one, i) => {
            const own = preconditioned(algebra, one, ms[i], correction);
            return graft === 'none' ? own : grafted(algebra, own, lengths[i]);
          });
          return join(algebra, made, cut, shape);
        },
        update,
        filtered,
        like,
      );
      const following = { count, mean, square, leaves: blocks };
      return outcome === undefined
        ? { update: direction, state: following }
        : { update: direction, state: following, outcome };
    },
  };

  function diagonal(rank: number): boolean {
    return rank === 1 && vectors === 'diagonal';
  }

  function startOf<T>(algebra: Algebra<T>, shape: readonly number[]): Block<T> {
    if (diagonal(shape.length)) return { statistics: [algebra.fill(shape, 0)], roots: [], bases: [] };
    return {
      statistics: shape.map((n) => algebra.fill([n, n], 0)),
      roots: shape.map((n) => identity(algebra, n)),
      bases: shape.map(() => null),
    };
  }

  /** The block with this gradient in its statistics. */
  function accumulated<T>(algebra: Algebra<T>, one: Block<T>, g: T): Block<T> {
    const shape = algebra.shape(g);
    const size = shape.reduce((product, n) => product * n, 1);
    const added = (axis: number): T => {
      if (diagonal(shape.length)) return algebra.square(g);
      if (!kl) return gram(algebra, g, axis);
      const others = one.roots.map((r, k) => (k === axis ? undefined : r));
      return algebra.div(gram(algebra, alongAxes(algebra, g, others), axis), size / shape[axis]);
    };
    return {
      ...one,
      statistics: one.statistics.map((a, axis) =>
        algebra.combine(beta2, a, beta2 === 1 ? 1 : 1 - beta2, added(axis)),
      ),
    };
  }

  /** The block with roots of its statistics; undefined where they are not finite. */
  function withRoots<T>(algebra: Algebra<T>, one: Block<T>, correction: number): Block<T> | undefined {
    const p = kl ? 2 : 2 * one.statistics.length;
    const roots = [...one.roots];
    const bases = [...one.bases];
    for (let axis = 0; axis < roots.length; axis++) {
      const found = inverseRootOf(algebra, one.statistics[axis], p, correction, rule, bases[axis]);
      if (found.kind === 'nonFinite') return undefined;
      if (found.kind === 'notConverged') continue; // the last root serves until the next renewal
      roots[axis] = found.root;
      bases[axis] = found.basis;
    }
    return { ...one, roots, bases };
  }

  function preconditioned<T>(algebra: Algebra<T>, one: Block<T>, m: T, correction: number): T {
    if (one.roots.length > 0) return alongAxes(algebra, m, one.roots);
    const root = algebra.sqrt(algebra.div(one.statistics[0], correction));
    return algebra.div(m, algebra.add(root, epsilon));
  }
}

function identity<T>(algebra: Algebra<T>, n: number): T {
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) values[i * n + i] = 1;
  return algebra.array(values, [n, n]);
}
