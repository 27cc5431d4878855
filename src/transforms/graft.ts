import type { Algebra } from '../algebra/algebra.js';
import { momentSteps } from '../algebra/moment-step.js';
import { choice } from '../algebra/option.js';
import { mapTree, type Tree, zerosLike } from '../algebra/tree.js';

/**
 * Whose length a step has: 'none' leaves it as it is; 'sgd' is the mean of the gradients, m̂; 'adagrad' m̂/(√Σg² + ε);
 * 'adam' m̂/(√v̂ + ε), with ε = 1e-8.
 */
export type Graft = 'none' | 'sgd' | 'adagrad' | 'adam';

export const graftOption = choice<Graft>(
  'adam',
  ['none', 'sgd', 'adagrad', 'adam'],
  'whose length the step of a block has',
);

const epsilon = 1e-8;

/** Where the grafted method's squares begin; null where it has none. */
export function graftSquare<T>(algebra: Algebra<T>, graft: Graft, parameters: Tree<T>): Tree<T> | null {
  return graft === 'adagrad' || graft === 'adam' ? zerosLike(algebra, parameters) : null;
}

interface Grafting<T> {
  /** The mean of the gradients; null where there is none. */
  readonly mean: Tree<T> | null;
  /** The mean corrected for its bias, or the gradient. */
  readonly filtered: Tree<T>;
  /** The grafted method's own direction. */
  readonly like: Tree<T>;
  readonly square: Tree<T> | null;
}

/**
 * The mean of the gradients with β₁, and the grafted method's own direction from it and the raw gradients' squares.
 *
 * Adam's with β₂ = 1 divides the sum of squares by t, to which its corrected mean tends.
 */
export function graftStep<T>(
  algebra: Algebra<T>,
  graft: Graft,
  { beta1, beta2, count }: { readonly beta1: number; readonly beta2: number; readonly count: number },
  update: Tree<T>,
  before: { readonly mean: Tree<T> | null; readonly square: Tree<T> | null },
): Grafting<T> {
  const correction1 = 1 - beta1 ** count;
  const unbiased = (mean: Tree<T>) => mapTree(algebra, (m) => algebra.div(m, correction1), mean);
  if (graft === 'adam' && before.mean !== null && before.square !== null && beta2 < 1) {
    const by = { beta1, beta2, correction1, correction2: 1 - beta2 ** count, epsilon };
    const { mean, square, direction } = momentSteps(algebra, before.mean, before.square, update, by);
    return { mean, filtered: unbiased(mean), like: direction, square };
  }
  const mean =
    before.mean && mapTree(algebra, (m, u) => algebra.combine(beta1, m, 1 - beta1, u), before.mean, update);
  const filtered = mean === null ? update : unbiased(mean);
  if (before.square === null) return { mean, filtered, like: filtered, square: null };
  const [kept, added] = graft === 'adagrad' || beta2 === 1 ? [1, 1] : [beta2, 1 - beta2];
  const square = mapTree(
    algebra,
    (v, u) => algebra.combine(kept, v, added, algebra.square(u)),
    before.square,
    update,
  );
  const correction2 = graft === 'adagrad' ? 1 : beta2 === 1 ? count : 1 - beta2 ** count;
  const direction = (m: T, v: T) =>
    algebra.div(m, algebra.add(algebra.sqrt(algebra.div(v, correction2)), epsilon));
  return { mean, filtered, like: mapTree(algebra, direction, filtered, square), square };
}

/** u made as long as `like`: u·‖like‖/‖u‖; zero where u is zero. A norm that overflows makes it NaN. */
export function grafted<T>(algebra: Algebra<T>, u: T, like: T): T {
  const norm = (x: T) => algebra.sqrt(algebra.dot(x, x));
  const length = norm(u);
  // 1 in place of a length of 0, without a branch, so that a NaN goes through.
  const divisor = algebra.add(length, algebra.sub(algebra.fill([], 1), algebra.sign(length)));
  return algebra.mul(u, algebra.div(norm(like), divisor));
}
