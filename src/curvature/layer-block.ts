import type { Algebra } from '../algebra/algebra.js';
import { sizeOf } from '../algebra/flatten.js';
import { entries, type Tree } from '../algebra/tree.js';

/** The parameters of one layer: W and the bias added to x·W, by path. */
export interface LayerBlock {
  readonly kernel: string;
  readonly bias?: string;
}

/** The leaves of a tree by path. */
export type Leaves<T> = ReadonlyMap<string, T>;

export function leavesByPath<T>(algebra: Algebra<T>, tree: Tree<T>): Leaves<T> {
  return new Map(entries(algebra, tree));
}

/** W̄: a layer's kernel as [in, out], of whatever rank it is, with the bias as one more row. */
export function joinedBlock<T>(
  algebra: Algebra<T>,
  leaves: Leaves<T>,
  { kernel, bias }: LayerBlock,
  outputs: number,
): T {
  const whole = leaves.get(kernel)!;
  const rows = sizeOf(algebra, whole) / outputs;
  const matrix = algebra.shape(whole).length === 2 ? whole : algebra.reshape(whole, [rows, outputs]);
  if (bias === undefined) return matrix;
  return algebra.concat([matrix, algebra.reshape(leaves.get(bias)!, [1, outputs])], 0);
}

/** The inverse of {@link joinedBlock}: adds kernel and bias to `into`, of the shapes of `leaves`. */
export function partBlock<T>(
  algebra: Algebra<T>,
  joined: T,
  { kernel, bias }: LayerBlock,
  leaves: Leaves<T>,
  into: { [path: string]: T },
): void {
  const shape = algebra.shape(leaves.get(kernel)!);
  const [rows, outputs] = algebra.shape(joined);
  const inputs = bias === undefined ? rows : rows - 1;
  const matrix = bias === undefined ? joined : algebra.slice(joined, [0, 0], [inputs, outputs]);
  into[kernel] = shape.length === 2 ? matrix : algebra.reshape(matrix, shape);
  if (bias === undefined) return;
  const last = algebra.slice(joined, [inputs, 0], [1, outputs]);
  into[bias] = algebra.reshape(last, algebra.shape(leaves.get(bias)!));
}
