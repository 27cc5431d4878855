import { flatten, sizeOf, treeSize, unflatten } from '../../src/algebra/flatten.js';
import { type Algebra, type Linearization, mapTree, type Random, type Tree } from '../../src/index.js';

/** A model near its parameters, and its mean loss, as matrices on the host. */
export interface DenseModel {
  /** Which loss the outputs have: 'softmax', 'squared', … */
  readonly loss: string;
  readonly examples: number;
  /** How many terms the mean loss is over. */
  readonly terms: number;
  /** z, those of one term behind those of the one before. */
  readonly outputs: Float64Array;
  /** [outputs, n] */
  readonly jacobian: Float64Array;
  /** H, [outputs, outputs], of the mean loss by the outputs, and L with LLᵀ = H. */
  readonly curvature: Float64Array;
  readonly factor: Float64Array;
  /** The derivative of the mean loss by the outputs, for the labels given and for labels of the model's own. */
  readonly residual: Float64Array;
  sampledResidual(random: Random): Float64Array;
}

/**
 * A linear model of n parameters, three examples and squared error: what a method that asks for a model is given where
 * a law speaks of gradients alone.
 */
export function linearModel(n: number): DenseModel {
  const scaledIdentity = (a: number) => Float64Array.of(a, 0, 0, 0, a, 0, 0, 0, a);
  return {
    loss: 'squared',
    examples: 3,
    terms: 3,
    outputs: new Float64Array(3),
    jacobian: Float64Array.from({ length: 3 * n }, (_, at) => ((at * 5) % 7) / 4 + 0.25),
    curvature: scaledIdentity(1 / 3),
    factor: scaledIdentity(Math.sqrt(1 / 3)),
    residual: new Float64Array(3),
    sampledResidual: (random) => random.normals(3).map((r) => r / 3),
  };
}

/** The model in an arithmetic, for parameters of any structure: only their order counts. */
export function liftedModel<T>(
  algebra: Algebra<T>,
  model: DenseModel,
  parameters: Tree<T>,
): Linearization<T> {
  const { jacobian, outputs, terms, examples, curvature, factor } = model;
  const n = treeSize(algebra, parameters);
  const m = outputs.length;
  const lift = (values: Float64Array) => algebra.array(values, [terms, m / terms]);
  const by = (matrix: Float64Array) => (v: T) => {
    const values = algebra.values(v);
    return lift(values.map((_, i) => values.reduce((sum, vj, j) => sum + matrix[i * m + j] * vj, 0)));
  };
  const sentBack = (u: ArrayLike<number>, from: number, to: number) => {
    const sum = new Float64Array(n);
    for (let k = from; k < to; k++) for (let i = 0; i < n; i++) sum[i] += u[k] * jacobian[k * n + i];
    return sum;
  };
  return {
    outputs: lift(outputs),
    examples,
    push(v) {
      const values = flatten(algebra, v);
      return lift(outputs.map((_, k) => values.reduce((sum, vi, i) => sum + jacobian[k * n + i] * vi, 0)));
    },
    pull: (u) => unflatten(algebra, sentBack(algebra.values(u), 0, m), parameters),
    pullRows(us) {
      const size = m / examples;
      const rows = us.flatMap((u) => {
        const values = algebra.values(u);
        return Array.from({ length: examples }, (_, e) => sentBack(values, e * size, (e + 1) * size));
      });
      let begin = 0;
      const stacked = (leaf: T): T => {
        const end = begin + sizeOf(algebra, leaf);
        const entries = rows.flatMap((row) => [...row.subarray(begin, end)]);
        begin = end;
        return algebra.array(entries, [rows.length, ...algebra.shape(leaf)]);
      };
      return mapTree(algebra, stacked, parameters);
    },
    loss: {
      terms,
      curvatureProduct: by(curvature),
      factorProduct: by(factor),
      residual: () => lift(model.residual),
      residualProduct(v) {
        const values = algebra.values(v);
        const width = m / terms;
        const along = (t: number) =>
          values
            .subarray(t * width, (t + 1) * width)
            .reduce((sum, vi, i) => sum + vi * model.residual[t * width + i], 0);
        return lift(model.residual.map((r, k) => terms * r * along(Math.floor(k / width))));
      },
      sampledResidual: (random) => lift(model.sampledResidual(random)),
    },
  };
}
