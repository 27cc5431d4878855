import { type Algebra, inverses, type Saved, type State, type Tree, type Work } from '../../src/index.js';
import type { Context, Refreshing, Step } from '../../src/transforms/index.js';

interface Learnt<T> {
  readonly count: number;
  readonly sum: T;
  readonly inverse: T;
}

/** The inverse of what is asked for, or none where the request says so. */
export const inversesThatFail: Work = {
  name: 'inversesThatFail',
  run: (request) => {
    const [matrix, fails] = request as readonly Saved[];
    return fails === 1 ? [null] : inverses.run([matrix]);
  },
};

/**
 * u ← (I + Σ uuᵀ)⁻¹u, the inverse made anew every so many updates, in a thread where there is one. Where `fails` says
 * so there is none, and the last one serves.
 */
export function learntInverse(
  every: number,
  fails: (count: number) => boolean,
  recovered: () => void,
): Refreshing {
  return {
    name: 'learntInverse',
    options: { every },
    work: inversesThatFail,
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => {
      const [n] = algebra.shape(parameters as T);
      const identity = () => algebra.array(identityOf(n), [n, n]);
      return { count: 0, sum: identity(), inverse: identity() };
    },
    observe<T>({ algebra, update }: Context<T>, state: State<T>) {
      const { count, sum, inverse } = state as unknown as Learnt<T>;
      const [n] = algebra.shape(update as T);
      const column = algebra.reshape(update as T, [n, 1]);
      const next = algebra.add(sum, algebra.matmul(column, column, false, true));
      const request = count % every === 0 ? [next, fails(count) ? 1 : 0] : undefined;
      return { state: { count: count + 1, sum: next, inverse } as State<T>, request: request as State<T> };
    },
    adopt<T>(_: Context<T>, state: State<T>, answer: State<T>) {
      const [inverse] = answer as readonly (T | null)[];
      if (inverse !== null) return { state: { ...(state as object), inverse } as State<T> };
      recovered();
      return { state };
    },
    apply<T>({ algebra, update }: Context<T>, state: State<T>): Step<T> {
      const { inverse } = state as unknown as Learnt<T>;
      const [n] = algebra.shape(update as T);
      const product = algebra.matmul(inverse, algebra.reshape(update as T, [n, 1]));
      return { update: algebra.reshape(product, [n]), state };
    },
  };
}

const identityOf = (n: number) => Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
