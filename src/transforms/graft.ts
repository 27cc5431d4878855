import type { Algebra } from '../algebra/algebra.js';
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

/**
 * The grafted method's own direction, from the raw gradient's squares and the filtered gradient, and its squares.
 *
 * Adam's with β₂ = 1 divides the sum of squares by t, to which its corrected mean tends.
 */
export function graftLike<T>(
  algebra: Algebra<T>,
  graft: Graft,
  of: { beta2: number; count: number; update: Tree<T>; filtered: Tree<T>; square: Tree<T> | null },
): { direction: Tree<T>; square: Tree<T> | null } {
  const { beta2, count, update, filtered } = of;
  if (of.square === null) return { direction: filtered, square: null };
  const [kept, added] = graft === 'adagrad' || beta2 === 1 ? [1, 1] : [beta2, 1 - beta2];
  const square = mapTree(
    algebra,
    (v, u) => algebra.combine(kept, v, added, algebra.square(u)),
    of.square,
    update,
  );
  const correction = graft === 'adagrad' ? 1 : beta2 === 1 ? count : 1 - beta2 ** count;
  const direction = mapTree(
    algebra,
    (m, v) => algebra.div(m, algebra.add(algebra.sqrt(algebra.div(v, correction)), epsilon)),
    filtered,
    square,
  );
  return { direction, square };
}

/** u made as long as `like`: u·‖like‖/‖u‖; zero where u is zero. A norm that overflows makes it NaN. */
export function grafted<T>(algebra: Algebra<T>, u: T, like: T): T {
  const norm = (x: T) => algebra.sqrt(algebra.dot(x, x));
  const length = norm(u);
  // 1 in place of a length of 0, without a branch, so that a NaN goes through.
  const divisor = algebra.add(length, algebra.sub(algebra.fill([], 1), algebra.sign(length)));
  return algebra.mul(u, algebra.div(norm(like), divisor));
}
