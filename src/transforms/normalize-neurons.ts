import type { Algebra } from '../algebra/algebra.js';
import { chosen, number, type OptionsOf } from '../algebra/option.js';
import { mapTree, type Tree } from '../algebra/tree.js';
import { asMatrix } from './orthogonalize.js';
import type { Context, Step, Transform } from './transform.js';

export interface NormalizeNeuronsOptions {
  /** β, the memory of the mean squares, in [0, 1). */
  beta?: number;
  /** ε ≥ 0, added beside the root. */
  epsilon?: number;
}

export const normalizeNeuronsOptions: OptionsOf<NormalizeNeuronsOptions> = {
  beta: number(0.95, '[0, 1)', 'β, the memory of the mean squares'),
  epsilon: number(1e-8, '(0, ∞)', 'ε, added beside the root'),
};

/**
 * Evens out the neurons of a layer: for each output j of a matrix [in, out], vⱼ ← βvⱼ + (1 − β)·mean_i uᵢⱼ², and the
 * update is uᵢⱼ/(√vⱼ + ε), scaled as a whole so that its norm stays ‖u‖.
 *
 * Orthogonal matrices have singular values alike and yet columns of different lengths. A kernel [h, w, in, out] is
 * taken as [h·w·in, out]. Its own bias needs no correction: it is a common factor, and the norm is kept.
 *
 * State: `square`, a tree of rows [1, out], from 0.
 * Source: Li et al. 2025 (NorMuon), algorithm 1, the norm as in the authors' code.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(orthogonalize({ scale: 'rms' }), normalizeNeurons({ beta: 0.95 }), learningRate(0.001))
 */
export function normalizeNeurons(options: NormalizeNeuronsOptions = {}): Transform {
  const { beta, epsilon } = chosen('normalizeNeurons', normalizeNeuronsOptions, options);
  return {
    name: 'normalizeNeurons',
    options: { beta, epsilon },
    init: <T>(parameters: Tree<T>, algebra: Algebra<T>) => ({
      square: mapTree(
        algebra,
        (x) => {
          const shape = algebra.shape(x);
          return algebra.fill([1, shape[shape.length - 1]], 0);
        },
        parameters,
      ),
    }),
    update<T>({ algebra, update }: Context<T>, state: { square: Tree<T> }): Step<T> {
      const square = mapTree(
        algebra,
        (v, u) => {
          const x = asMatrix(algebra, u);
          const [rows] = algebra.shape(x);
          if (isEmpty(algebra, x)) return v;
          const sums = algebra.matmul(algebra.fill([1, rows], 1 / rows), algebra.square(x));
          return algebra.combine(beta, v, 1 - beta, sums);
        },
        state.square,
        update,
      );
      const evened = (u: T, v: T) => {
        const x = asMatrix(algebra, u);
        if (isEmpty(algebra, x)) return u;
        const [rows] = algebra.shape(x);
        const roots = algebra.add(algebra.sqrt(v), epsilon);
        const y = algebra.div(x, algebra.matmul(algebra.fill([rows, 1], 1), roots));
        const [before, after] = [x, y].map((z) => algebra.sqrt(algebra.dot(z, z)));
        // Where u = 0, 0/1 and not 0/0; a NaN goes on.
        const divisor = algebra.add(after, algebra.sub(algebra.fill([], 1), algebra.sign(after)));
        return algebra.reshape(algebra.mul(y, algebra.div(before, divisor)), algebra.shape(u));
      };
      return { update: mapTree(algebra, evened, update, square), state: { square } };
    },
  };
}

function isEmpty<T>(algebra: Algebra<T>, x: T): boolean {
  return algebra.shape(x).includes(0);
}
