import type { Algebra } from '../algebra/algebra.js';
import { momentStep } from '../algebra/moment-step.js';
import { choice, chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { entries, mapTree, type State, type Tree } from '../algebra/tree.js';
import { alongAxes, gram } from '../curvature/along-axes.js';
import { blocking, blockShapes, join, split } from '../curvature/blocks.js';
import { type BasisRule, identity, renewedBasis } from '../curvature/eigenbasis.js';
import type { Outcome } from '../objective/outcome.js';
import { describeSelection, nothing, type Selection, selection, selector } from './selection.js';
import type { Context, Step, Transform } from './transform.js';

export interface RotatedMomentsOptions {
  /** β₁, the memory of the mean, in [0, 1). */
  beta1?: number;
  /** β₂, the memory of the mean square and of the statistics, in [0, 1). */
  beta2?: number;
  /** ε ≥ 0, added beside the root. */
  epsilon?: number;
  /** Steps from one renewal of the bases to the next. */
  every?: number;
  /** The longest side of a block. */
  block?: number;
  /** A decomposition anew, or one step of QR from the last basis, as published. */
  basis?: BasisRule['by'];
  /** How far from diagonal, relative to its norm, a statistic may be in its last basis; 0 renews it always. */
  tolerance?: number;
  /** Which matrices hold queries, keys and values side by side and have blocks for each; see `mergedAttention`. */
  merged?: Selection;
}

export const rotatedMomentsOptions: OptionsOf<RotatedMomentsOptions> = {
  beta1: number(0.95, '[0, 1)', 'β₁, the memory of the mean'),
  beta2: number(0.95, '[0, 1)', 'β₂, the memory of the mean square and of the statistics'),
  epsilon: number(1e-8, '[0, ∞)', 'ε, added beside the root'),
  every: whole(10, '[1, ∞)', 'steps from one renewal of the bases to the next'),
  block: whole(256, '[1, ∞)', 'the longest side of a block'),
  basis: choice('eigen', ['eigen', 'qr'], 'bases decomposed anew, or turned by a step of QR'),
  tolerance: number(0, '[0, 1)', 'how far from diagonal a statistic may be in its last basis'),
  merged: selection('which matrices hold q, k and v side by side and have blocks for each', nothing),
};

/** One block: its moments, in the bases where it has some, and for each axis the running Gram matrix and its basis. */
type Block<T> = {
  readonly mean: T;
  readonly square: T;
  readonly statistics: readonly T[];
  readonly bases: readonly T[];
};

type RotatedState<T> = { readonly count: number; readonly leaves: readonly (readonly Block<T>[])[] };

/**
 * SOAP's direction: Adam in the eigenbases of Shampoo's factors. For a block G with bases Qₖ: G' = G turned by Qₖᵀ
 * along each axis k, m ← β₁m + (1 − β₁)G', v ← β₂v + (1 − β₂)G'², and the update is m̂/(√v̂ + ε) turned back.
 *
 * Then the statistics Aₖ ← β₂Aₖ + (1 − β₂)G₍ₖ₎G₍ₖ₎ᵀ take this gradient in, and every so many steps the bases are
 * renewed: with R = QₒᵀQₙ the moments move along, m by R and v by R∘R, which keeps them exact where a basis only
 * permutes or mirrors, and keeps the sum of v always. The first gradient makes the first bases and no step, so that
 * none is seen through a basis of its own. Vectors and numbers have no basis: for them it is Adam.
 *
 * A leaf of any rank is merged and cut into blocks (see {@link blocking}). Statistics that are not finite end the run
 * by an outcome that names the parameter.
 *
 * State: `count`, and `leaves`, for each leaf a list of blocks with `mean`, `square`, `statistics` and `bases`.
 * Source: Vyas et al. 2024, algorithms 3 and 4; the published code leaves v where it was.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(scaleByRotatedMoments({ every: 10 }), learningRate(0.003))
 */
export function scaleByRotatedMoments(options: RotatedMomentsOptions = {}): Transform {
  const settings = chosen('scaleByRotatedMoments', rotatedMomentsOptions, options);
  const { merged, ...plain } = settings;
  const isMerged = selector('scaleByRotatedMoments', 'merged', merged);
  const cutOf = (path: string, shape: readonly number[]) =>
    blocking(shape, block, isMerged(path, shape) ? 3 : 1);
  const { beta1, beta2, epsilon, every, block, basis, tolerance } = settings;
  const rule: BasisRule = { by: basis, tolerance };
  const firstRule: BasisRule = { by: 'eigen', tolerance: 0 };

  return {
    name: 'scaleByRotatedMoments',
    options: { ...plain, ...(merged !== nothing && { merged: describeSelection(merged) }) },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>): State<T> => ({
      count: 0,
      leaves: entries(algebra, parameters).map(([path, leaf]) =>
        blockShapes(cutOf(path, algebra.shape(leaf))).map((shape): Block<T> => {
          const sides = shape.length === 1 ? [] : shape;
          return {
            mean: algebra.fill(shape, 0),
            square: algebra.fill(shape, 0),
            statistics: sides.map((n) => algebra.fill([n, n], 0)),
            bases: sides.map((n) => algebra.array(identity(n), [n, n])),
          };
        }),
      ),
    }),
    update<T>({ algebra, update, step }: Context<T>, state: RotatedState<T>): Step<T> {
      const { count } = state;
      const renews = count % every === 0;
      const paths = entries(algebra, update).map(([path]) => path);
      const blocks: (readonly Block<T>[])[] = [];
      let outcome: Outcome | undefined;
      const direction = mapTree(
        algebra,
        (u) => {
          const at = blocks.length; // leaves are visited in the order of `entries`
          const shape = algebra.shape(u);
          const cut = cutOf(paths[at], shape);
          const made = split(algebra, u, cut).map((g, i) => {
            const one = state.leaves[at][i];
            const moved =
              count === 0 ? { direction: algebra.mul(g, 0), next: one } : moments(algebra, one, g, count);
            const counted = accumulated(algebra, moved.next, g);
            const renewed = renews ? turned(algebra, counted, count === 0) : counted;
            if (renewed === undefined) {
              outcome ??= {
                kind: 'nonFinite',
                message: `The statistics of ${paths[at] || 'the parameters'} are not finite at step ${step}.`,
              };
            }
            return { direction: moved.direction, next: renewed ?? counted };
          });
          blocks.push(made.map(({ next }) => next));
          if (made.length === 0) return u;
          return join(
            algebra,
            made.map((one) => one.direction),
            cut,
            shape,
          );
        },
        update,
      );
      const following = { count: count + 1, leaves: blocks };
      return outcome === undefined
        ? { update: direction, state: following }
        : { update: direction, state: following, outcome };
    },
  };

  /** Adam's t-th step in the block's bases, and back. */
  function moments<T>(algebra: Algebra<T>, one: Block<T>, g: T, t: number): { direction: T; next: Block<T> } {
    const rotated = one.bases.length === 0 ? g : alongAxes(algebra, g, one.bases);
    const by = { beta1, beta2, correction1: 1 - beta1 ** t, correction2: 1 - beta2 ** t, epsilon };
    const { mean, square, direction } = momentStep(algebra, one.mean, one.square, rotated, by);
    return {
      direction: one.bases.length === 0 ? direction : alongAxes(algebra, direction, one.bases, true),
      next: { ...one, mean, square },
    };
  }

  function accumulated<T>(algebra: Algebra<T>, one: Block<T>, g: T): Block<T> {
    const statistics = one.statistics.map((a, axis) =>
      algebra.combine(beta2, a, 1 - beta2, gram(algebra, g, axis)),
    );
    return { ...one, statistics };
  }

  /** The block in renewed bases, its moments moved along; undefined where the statistics are not finite. */
  function turned<T>(algebra: Algebra<T>, one: Block<T>, first: boolean): Block<T> | undefined {
    const by = first ? firstRule : rule; // one step of QR from the identity is no eigenbasis yet
    const bases = [...one.bases];
    const turns: (T | undefined)[] = bases.map(() => undefined);
    for (let axis = 0; axis < bases.length; axis++) {
      const found = renewedBasis(algebra, one.statistics[axis], bases[axis], by);
      if (found.kind === 'nonFinite') return undefined;
      if (found.kind !== 'renewed') continue; // kept, or not found this time
      bases[axis] = found.basis;
      turns[axis] = found.turn;
    }
    if (turns.every((turn) => turn === undefined)) return one;
    const squares = turns.map((turn) => (turn === undefined ? undefined : algebra.square(turn)));
    return {
      ...one,
      bases,
      mean: alongAxes(algebra, one.mean, turns),
      square: alongAxes(algebra, one.square, squares),
    };
  }
}
