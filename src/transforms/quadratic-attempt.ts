import { mapTree, type Tree } from '../algebra/tree.js';
import type { Linearization } from '../objective/linearization.js';
import { combined, type Direction, divided, dotOver } from './partial-direction.js';
import type { Preconditioner, Ready } from './preconditioner.js';
import { minimizer, minimizerTied, symmetric } from './quadratic-minimizer.js';
import type { Context } from './transform.js';

/** τ below which a rate of its own for one layer would fit but the batch. */
const leastApart = 0.5;

/** m, the memory of τ. */
const memory = 0.8;

export interface Attempt<T> {
  readonly step: Tree<T>;
  readonly rate: number;
  /** Of the layer nearest to the outputs, where it has one of its own. */
  readonly outputRate?: number;
  readonly momentum: number;
  /** gᵀδ + ½δᵀGδ: the change of the loss that the undamped model foretells. */
  readonly predicted: number;
  /** τ and its sums, with this batch's part. */
  readonly asked: Asked & { readonly multiple: number };
}

/** The sums that τ is made of. */
export interface Asked {
  readonly slope: number;
  readonly bend: number;
}

/** τ with gᵀδ₀ and δ₀ᵀGδ₀ of this batch. */
function askedAfter(before: Asked, last: readonly [slope: number, bend: number] = [0, 0]) {
  const slope = memory * before.slope + last[0];
  const bend = memory * before.bend + last[1];
  return { slope, bend, multiple: bend === 0 ? 1 : 1 - slope / bend };
}

/** c of the ridge ½c‖x‖² that the loss has beside the outputs' part. */
export const ridgeOf = ({ ridge = 0 }: Linearization<unknown>) => ridge;

/**
 * The minimizer of the quadratic model over the direction, that of the layer nearest to the outputs apart, and, with
 * momentum, the last step.
 */
export function tried<T>(
  context: Context<T>,
  model: Linearization<T>,
  curvature: Preconditioner,
  { state }: Ready<T>,
  damping: number,
  last: Tree<T> | undefined,
  withMomentum: boolean,
  before: Asked = { slope: 0, bend: 0 },
): Attempt<T> {
  const { algebra, update: u } = context;
  const ridge = ridgeOf(model);
  return algebra.scope(() => {
    const solved = curvature.solve(context, state, damping + ridge);
    const direction = mapTree(algebra, (x) => algebra.neg(x), solved);
    const parts = divided(algebra, direction, 2 * model.loss.terms, curvature.nearest?.(context, state));
    const directions: Direction<T>[] = last === undefined ? parts : [...parts, { v: last }];
    const pushed = directions.map(({ v, paths }) => model.push(v, paths));
    const bent = pushed.map((jv) => model.loss.curvatureProduct(jv));
    // All inner products come to the host in one read: first those with g, then G's and I's, row by row.
    const count = directions.length;
    const pairs = directions.flatMap((_, i) => directions.slice(i).map((_, j) => [i, i + j] as const));
    const products = [
      ...directions.map((d) => dotOver(algebra, { v: u }, d)),
      ...pairs.map(([i, j]) => algebra.dot(pushed[i], bent[j])),
      ...pairs.map(([i, j]) => dotOver(algebra, directions[i], directions[j])),
    ];
    const numbers = algebra.values(
      algebra.concat(
        products.map((x) => algebra.reshape(x, [1])),
        0,
      ),
    );
    const slopes = numbers.subarray(0, count);
    const packed = (damping: number) =>
      symmetric(
        pairs.map((_, k) => numbers[count + k] + (ridge + damping) * numbers[count + pairs.length + k]),
        count,
      );
    const bends = packed(0);
    const asked = askedAfter(
      before,
      last === undefined ? undefined : [slopes[count - 1], bends[count - 1][count - 1]],
    );
    const free = withMomentum ? count : parts.length;
    const tied = parts.length > 1 && !(asked.bend > 0 && asked.multiple >= leastApart);
    const weights = (tied ? minimizerTied : minimizer)(slopes, packed(damping), free);
    const foretold = bends.reduce(
      (sum, row, i) => sum + weights[i] * row.reduce((all, q, j) => all + q * weights[j], 0),
      0,
    );
    const [rate, outputRate] = weights;
    const momentum = last === undefined ? 0 : weights[count - 1];
    return {
      step: combined(algebra, direction, parts, weights, momentum === 0 ? undefined : last),
      rate,
      ...(parts.length > 1 && { outputRate }),
      momentum,
      predicted: slopes.reduce((sum, slope, i) => sum + weights[i] * slope, 0) + foretold / 2,
      asked,
    };
  });
}
