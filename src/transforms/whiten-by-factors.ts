import type { Algebra } from '../algebra/algebra.js';
import { choice, chosen, number, type OptionsOf, whole } from '../algebra/option.js';
import { entries, leaves, mapTree, type State, type Tree, zerosLike } from '../algebra/tree.js';
import { firstFactors, fitted, whitened } from '../curvature/whitening-factors.js';
import type { Outcome } from '../objective/outcome.js';
import type { Context, Step, Transform } from './transform.js';

export interface WhiteningOptions {
  /** β, the memory of the mean gradient, in [0, 1). */
  beta?: number;
  /** What is whitened on the average. */
  whitens?: 'mean' | 'gradient';
  /** μ of the factors' steps, in (0, 1). */
  factorRate?: number;
  /** Steps from one of the factors' steps to the next. */
  every?: number;
  /** How many steps at the start all move the factors. */
  warmup?: number;
  /** The longest side with a triangular factor; a longer one has a diagonal. */
  longest?: number;
  /** P at the start is so much times I; 0 takes 1/√(mean square of the first gradient). */
  initial?: number;
  /** P's term in the criterion: its mean, or seen through one normal vector a step, as published. */
  probe?: 'mean' | 'normal';
  /** The largest root mean square of a parameter's step before the rate. */
  most?: number;
}

export const whiteningOptions: OptionsOf<WhiteningOptions> = {
  beta: number(0.9, '[0, 1)', 'β, the memory of the mean gradient'),
  whitens: choice('mean', ['mean', 'gradient'], 'what is whitened on the average'),
  factorRate: number(0.3, '(0, 1)', "μ of the factors' steps"),
  every: whole(10, '[1, ∞)', "steps from one of the factors' steps to the next"),
  warmup: whole(100, '[0, ∞)', 'how many steps at the start all move the factors'),
  longest: whole(512, '[0, ∞)', 'the longest side with a triangular factor'),
  initial: number(0, '[0, ∞)', 'P at the start, as a multiple of I; 0 takes it from the first gradient'),
  probe: choice('mean', ['mean', 'normal'], "P's term in the criterion, exactly or by one probe"),
  most: number(1.1, '(0, ∞)', "the largest root mean square of a parameter's step before the rate"),
};

/** A leaf's factors; none before its first gradient where that makes them. */
type WhiteningState<T> = {
  readonly count: number;
  readonly mean: Tree<T> | null;
  readonly leaves: readonly (readonly T[] | null)[];
};

/**
 * PSGD-Kron's direction: the mean gradient times P = QᵀQ, Q a Kronecker product of one triangular or diagonal factor an
 * axis. Steps in the group of such factors lead P to the least of E[gᵀPg] + tr P⁻¹, which is E[ggᵀ]^(−½) as far as a
 * Kronecker product can be that.
 *
 * Axes of length 1 have no factor, a vector and a side above `longest` a diagonal. The factors move at each of the
 * first `warmup` steps and then at every so many; first they take the gradient in, then they are used. A step whose
 * root mean square, parameter by parameter, is above `most` is shortened to it. A gradient of 0 leaves factors as they
 * are, and moves nothing. Factors that are not finite end the run by an outcome that names the parameter.
 *
 * State: `count`; `mean` like the parameters where β > 0; `leaves`, for each leaf its factors, one an axis.
 * Source: Li 2018 (the factors' group and step); Pooladzandi and Li 2024 (whitening); `most` from the code that made
 * it known as Kron.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(whitenByFactors({ every: 10 }), learningRate(0.001))
 */
export function whitenByFactors(options: WhiteningOptions = {}): Transform {
  const settings = chosen('whitenByFactors', whiteningOptions, options);
  const { beta, whitens, factorRate, every, warmup, longest, initial, probe, most } = settings;

  return {
    name: 'whitenByFactors',
    options: { ...settings },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>): State<T> => ({
      count: 0,
      mean: beta > 0 ? zerosLike(algebra, parameters) : null,
      leaves: leaves(algebra, parameters).map((leaf) =>
        initial > 0 ? firstFactors(algebra, sidesOf(algebra.shape(leaf)), longest, Math.sqrt(initial)) : null,
      ),
    }),
    update<T>({ algebra, update, step, random }: Context<T>, state: WhiteningState<T>): Step<T> {
      const count = state.count + 1;
      const mean =
        state.mean === null
          ? null
          : mapTree(algebra, (m, u) => algebra.combine(beta, m, 1 - beta, u), state.mean, update);
      const filtered =
        mean === null ? update : mapTree(algebra, (m) => algebra.div(m, 1 - beta ** count), mean);
      const moves = count <= warmup || (count - 1) % every === 0;
      const paths = entries(algebra, update).map(([path]) => path);
      const next: (readonly T[] | null)[] = [];
      let outcome: Outcome | undefined;
      const direction = mapTree(
        algebra,
        (u, m) => {
          const at = next.length; // leaves are visited in the order of `entries`
          const shape = algebra.shape(u);
          if (shape.includes(0)) {
            next.push(state.leaves[at]);
            return u;
          }
          const sides = sidesOf(shape);
          const seen = algebra.reshape(whitens === 'mean' ? m : u, sides);
          let factors = state.leaves[at] ?? fromFirst(algebra, seen);
          if (factors === null) {
            next.push(factors);
            return algebra.mul(u, 0);
          }
          if (moves) {
            const v = probe === 'normal' ? algebra.array(random.normals(sizeOf(sides)), sides) : undefined;
            const moved = fitted(algebra, factors, seen, factorRate, v);
            if (moved === undefined) {
              outcome ??= {
                kind: 'nonFinite',
                message: `The factors of ${paths[at] || 'the parameters'} are not finite at step ${step}.`,
              };
            }
            factors = moved ?? factors;
          }
          next.push(factors);
          const whole = whitened(algebra, factors, algebra.reshape(m, sides));
          return algebra.reshape(shortened(algebra, whole), shape);
        },
        update,
        filtered,
      );
      const following = { count, mean, leaves: next };
      return outcome === undefined
        ? { update: direction, state: following }
        : { update: direction, state: following, outcome };
    },
  };

  /** The factors that give the first gradient a root mean square of 1; null for a gradient of 0. */
  function fromFirst<T>(algebra: Algebra<T>, g: T): readonly T[] | null {
    const sides = algebra.shape(g);
    const square = algebra.number(algebra.dot(g, g)) / sizeOf(sides);
    if (square === 0) return null;
    return firstFactors(algebra, sides, longest, square ** -0.25);
  }

  /** u, or as long as `most` allows. */
  function shortened<T>(algebra: Algebra<T>, u: T): T {
    const size = sizeOf(algebra.shape(u));
    const root = algebra.sqrt(algebra.div(algebra.dot(u, u), size));
    return algebra.div(u, algebra.max(algebra.div(root, most), 1));
  }
}

function sidesOf(shape: readonly number[]): readonly number[] {
  const sides = shape.filter((n) => n !== 1);
  return sides.length === 0 ? [1] : sides;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
