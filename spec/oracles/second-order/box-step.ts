import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { BoxModel, BoxModelSubject } from '../../subjects/second-order/subject.js';
import { identity, inner, outer, plus, times } from '../dense/matrices.js';
import { solved } from '../newton.js';

/** B⁺ = B − Bs(Bs)ᵀ/sᵀBs + yyᵀ/sᵀy from θI, pair by pair. */
export function learntMatrix({ n, theta, pairs, memory }: BoxModel): Float64Array {
  let b: Float64Array = identity(n).map((entry) => theta * entry);
  for (const [s, y] of pairs.slice(-memory)) {
    const bs = times(b, s);
    b = plus(plus(b, outer(bs, bs), -1 / inner(s, bs)), outer(y, y), 1 / inner(s, y));
  }
  return b;
}

type Step = BoxModelSubject['step'];

/** What of a step in a box may be done wrong. */
export interface BoxParts {
  /** How far along a piece of the path the minimizer is taken to lie. */
  along?(slope: number, curvature: number): number;
  /** dᵀBz, of which the slope of a piece is made. */
  turn?(d: Float64Array, moved: Float64Array): number;
  /** Whether the model is minimized over what the path leaves free. */
  subspace?: boolean;
}

/** A model of second order in a box, all by one dense matrix. */
export function naiveBoxModel(
  parts: BoxParts = {},
  { name = 'box step (naive)', claims = secondOrderClaims.boxModel } = {},
): BoxModelSubject {
  const { along = (slope, curvature) => -slope / curvature, turn = inner, subspace = true } = parts;
  const step: Step = (data, { x, gradient, lower, upper }) => {
    const b = learntMatrix(data);
    const clipped = (y: Float64Array) => y.map((yi, i) => Math.min(upper[i], Math.max(lower[i], yi)));
    let point = cauchy();
    for (let round = 0; subspace && round <= data.n; round++) {
      const z = plus(point, x, -1);
      const slopes = plus(gradient, times(b, z));
      const free = [...point.keys()].filter((i) => point[i] > lower[i] && point[i] < upper[i]);
      if (free.length === 0) break;
      const inside = Float64Array.from(free.flatMap((i) => free.map((j) => b[i * data.n + j])));
      const moved = solved(
        inside,
        free.map((i) => -slopes[i]),
      );
      const d = new Float64Array(data.n);
      free.forEach((i, k) => {
        d[i] = moved[k];
      });
      const reach = Math.min(
        ...free.filter((i) => d[i] !== 0).map((i) => ((d[i] > 0 ? upper[i] : lower[i]) - point[i]) / d[i]),
      );
      if (!(reach < 1)) return plus(plus(point, d), x, -1);
      const cut = clipped(plus(point, d, reach));
      for (const i of free) {
        const bound = d[i] > 0 ? upper[i] : lower[i];
        if (d[i] !== 0 && (bound - point[i]) / d[i] <= reach) cut[i] = bound;
      }
      const projected = clipped(plus(point, d));
      const value = (y: Float64Array) => {
        const p = plus(y, x, -1);
        return inner(gradient, p) + inner(p, times(b, p)) / 2;
      };
      point = value(projected) < value(cut) ? projected : cut;
    }
    return plus(point, x, -1);

    /** By pieces between bends: the first minimizer of the model along P(x − tg). */
    function cauchy(): Float64Array {
      const ends = x.map((xi, i) =>
        gradient[i] === 0
          ? Number.POSITIVE_INFINITY
          : (xi - (gradient[i] > 0 ? lower[i] : upper[i])) / gradient[i],
      );
      const bends = [...new Set([...ends].filter((t) => t > 0 && t < Number.POSITIVE_INFINITY))].sort(
        (s, t) => s - t,
      );
      const at = (t: number) =>
        x.map((xi, i) =>
          t >= ends[i]
            ? gradient[i] > 0
              ? lower[i]
              : upper[i]
            : gradient[i] === 0
              ? xi
              : xi - t * gradient[i],
        );
      let from = 0;
      for (const to of [...bends, Number.POSITIVE_INFINITY]) {
        const d = gradient.map((g, i) => (ends[i] > from ? -g : 0));
        if (d.every((di) => di === 0)) break;
        const moved = times(b, plus(at(from), x, -1));
        const t = along(inner(gradient, d) + turn(d, moved), inner(d, times(b, d)));
        if (!(t > 0)) return at(from);
        if (from + t < to) return at(from + t);
        from = to;
      }
      return at(from);
    }
  };
  return {
    kind: 'boxModel',
    name,
    method: 'boxModel',
    epsilon: 2 ** -52,
    claims,
    by: 'pairs',
    path: (data) => densePath(learntMatrix(data), turn),
    step,
    scope: (body) => body(),
  };
}

function densePath(
  b: Float64Array,
  turn: (d: Float64Array, moved: Float64Array) => number,
): ReturnType<BoxModelSubject['path']> {
  let [d, z]: Float64Array[] = [];
  return {
    begin(along) {
      d = along.slice();
      z = along.map(() => 0);
    },
    advance: (step) => void (z = plus(z, d, step)),
    drop: (i) => void (d[i] = 0),
    curvature: () => inner(d, times(b, d)),
    turn: () => turn(d, times(b, z)),
    product: (v, into) => into.set(times(b, v)),
    subspace(free, right, into) {
      const n = d.length;
      const inside = [...free].flatMap((i) => [...free].map((j) => b[i * n + j]));
      into.set(solved(Float64Array.from(inside), [...right]));
      return true;
    },
  };
}

export const boxModelOracle = naiveBoxModel();
