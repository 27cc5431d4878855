import { attentionParts } from '../curvature/attention-parts.js';
import type { LayersSeen } from '../objective/layer.js';

/** Which curvature a parameter gets, and why. */
export interface Route {
  readonly path: string;
  readonly block: 'kronecker' | 'diagonal';
  /** The sides of the factors, for a kernel. */
  readonly sides?: readonly [inputs: number, outputs: number];
  /** The kernel whose block a bias belongs to, or why there is no Kronecker block. */
  readonly reason: string;
}

/** Which kernels may have a Kronecker block. */
export interface RoutingRules {
  /** Default all. */
  readonly selects?: (path: string) => boolean;
  /** Which kernels are taken for three, those of queries, keys and values; see `merged` of `kroneckerCurvature`. */
  readonly merged?: (path: string) => boolean;
  /** No factor is longer, default 8192. */
  readonly longestSide?: number;
}

/**
 * The routing table of a model: each layer's kernel, with its bias, has a Kronecker block; what belongs to no layer, is
 * not selected or is too wide has a diagonal one.
 *
 * @example
 * const found = { layers: [], unmatched: [{ path: 'embedding', reason: 'used twice' }] };
 * routing(found, float64.shape).map(({ path, block, reason }) => `${path}: ${block}, ${reason}`); // what layers() tells
 */
export function routing<T>(
  { layers, unmatched }: Pick<LayersSeen<T>, 'layers' | 'unmatched'>,
  shape: (x: T) => readonly number[],
  { selects = () => true, merged = () => false, longestSide = 8192 }: RoutingRules = {},
): readonly Route[] {
  const routes: Route[] = [];
  const sided = layers.flatMap(({ kernel, bias, inputs, errors }) => {
    const n = shape(inputs)[1] + (bias === undefined ? 0 : 1);
    const m = shape(errors)[1];
    if (!merged(kernel)) return [{ kernel, bias, n, m }];
    const biases = bias === undefined ? [] : attentionParts(bias);
    return attentionParts(kernel).map((part, i) => ({ kernel: part, bias: biases[i], n, m: m / 3 }));
  });
  for (const { kernel, bias, n, m } of sided) {
    const against = selects(kernel)
      ? Math.max(n, m) > longestSide
        ? `a side of ${Math.max(n, m)} is longer than ${longestSide}`
        : undefined
      : 'not selected';
    if (against === undefined) {
      routes.push({ path: kernel, block: 'kronecker', sides: [n, m], reason: `x·${kernel}` });
      if (bias !== undefined)
        routes.push({ path: bias, block: 'kronecker', reason: `the bias of ${kernel}` });
    } else {
      for (const path of bias === undefined ? [kernel] : [kernel, bias]) {
        routes.push({ path, block: 'diagonal', reason: against });
      }
    }
  }
  for (const { path, reason } of unmatched) routes.push({ path, block: 'diagonal', reason });
  return routes;
}
