import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { LastLookSubject } from '../../subjects/second-order/subject.js';
import { inner, plus, times, transposed } from '../dense/matrices.js';

/** What of a last look may be done wrong. */
export interface LookParts {
  /** How many lengths are tried, each half the last one. */
  lengths?: number;
  /** Whether a step is judged by what its slope promises, or by any fall. */
  tenth?: number;
  /** Whether differences are compared with the Jacobian. */
  compares?: boolean;
}

/** Halves along −g from twice the length of x; then compares Jg with a central difference. */
export function naiveLook(
  { lengths = 120, tenth = 0.1, compares = true }: LookParts = {},
  { name = 'last look (naive)', claims = secondOrderClaims.lastLook } = {},
): LastLookSubject {
  return {
    kind: 'lastLook',
    name,
    epsilon: 2 ** -52,
    claims,
    tellsOfContradictions: true,
    look(problem, x, box) {
      const [f, g] = [problem.value(x), problem.gradient(x)];
      const noise = 64 * 2 ** -52 * f;
      const inside = (y: Float64Array) =>
        box === undefined ? y : y.map((yi, i) => Math.min(box.upper[i], Math.max(box.lower[i], yi)));
      const size = Math.hypot(...g);
      if (size === 0) return { end: 'noise', x, gradient: g };
      const length = Math.hypot(...x) || f / size;
      for (let halving = 0; halving < lengths; halving++) {
        const y = inside(plus(x, g, (-2 * length * 2 ** -halving) / size));
        const promised = -inner(g, plus(y, x, -1));
        if (!(promised > noise)) continue;
        if (f - problem.value(y) > Math.max(noise, tenth * promised))
          return { end: 'lowered', x: y, gradient: problem.gradient(y) };
      }
      const h = (length / size) * 2 ** -10;
      const [above, below] = [h, -h].map((step) => problem.residuals(plus(x, g, step)));
      const seen = plus(above, below, -1).map((change) => change / (2 * h));
      const j = problem.jacobian(x);
      const told = times(j, g);
      const flat = inner(g, times(transposed(j, above.length), told)) === 0;
      const apart = Math.hypot(...plus(seen, told, -1)) > 0.5 * Math.hypot(...seen);
      const promises = size ** 4 / inner(told, told) > 1e-9 * f;
      return { end: compares && !flat && promises && apart ? 'contradicted' : 'noise', x, gradient: g };
    },
    scope: (body) => body(),
  };
}

export const lastLookOracle = naiveLook();
