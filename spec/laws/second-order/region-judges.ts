import { inner, jacobi, plus, times } from '../../oracles/dense/matrices.js';
import { norm } from '../../subjects/point.js';
import { atMost, bounded, threshold } from '../tolerance.js';
import { definite, type Judge, type Seen } from './judged-step.js';

/** (H + λD)s = −g with λ ≥ 0 the one that fits best, and H + λD not indefinite. */
export const shifted =
  (scale: (h: Float64Array, n: number) => Float64Array): Judge =>
  ({ k, s, g, h, lost, epsilon }) => {
    const n = s.length;
    const d = scale(h, n);
    const ds = s.map((si, i) => d[i] * si);
    const r = plus(times(h, s), g);
    const lambda = Math.max(0, -inner(ds, r) / inner(ds, ds));
    const size = norm(h) + lambda * Math.max(...d);
    const most = (threshold * n * epsilon + lost) * (size * norm(s) + norm(g));
    const lowest = Math.min(
      ...jacobi(
        h.map((e, at) => (at % (n + 1) ? e : e + lambda * d[at % n])),
        n,
      ).values,
    );
    return [
      bounded(`‖(H + λD)s + g‖ at step ${k + 1}`, norm(plus(r, ds, lambda)), most),
      atMost(
        `the lowest eigenvalue of −(H + λD) at step ${k + 1}`,
        -lowest,
        most / norm(s),
        n,
        epsilon,
        size,
      ),
    ];
  };

/** The point nearest to s of the path from 0 through these points, one after the other. */
function nearestOnPath(corners: readonly Float64Array[], s: Float64Array): Float64Array {
  let from: Float64Array = new Float64Array(s.length);
  let nearest = from;
  for (const to of corners) {
    const d = plus(to, from, -1);
    const along = Math.max(0, Math.min(1, inner(plus(s, from, -1), d) / (inner(d, d) || 1)));
    const here = plus(from, d, along);
    if (norm(plus(here, s, -1)) < norm(plus(nearest, s, -1))) nearest = here;
    from = to;
  }
  return nearest;
}

/**
 * The iterates of conjugate gradients for Hp = −g, to the last digit: the last one stands for Newton's point. Beyond a
 * direction without curvature the path goes on along it.
 */
export function conjugatePath(
  h: Float64Array,
  g: Float64Array,
): { corners: Float64Array[]; curved: boolean } {
  let p: Float64Array = new Float64Array(g.length);
  let r: Float64Array = g.map((gi) => -gi);
  let d = r;
  const corners: Float64Array[] = [];
  for (let k = 0; k < g.length && norm(r) > 2 ** -52 * norm(g); k++) {
    const hd = times(h, d);
    const curvature = inner(d, hd);
    if (!(curvature > 1e-6 * norm(h) * inner(d, d))) {
      corners.push(plus(p, d, 2 ** 60));
      return { corners, curved: false };
    }
    const alpha = inner(r, r) / curvature;
    p = plus(p, d, alpha);
    const next = plus(r, hd, -alpha);
    d = plus(next, d, inner(next, next) / inner(r, r));
    r = next;
    corners.push(p);
  }
  return { corners, curved: true };
}

/** Rounding in conjugate gradients and corners, relative to the step. */
export const pathRounding = ({ s, h, lost, epsilon }: Seen) => {
  const sizes = [...jacobi(h, s.length).values].map(Math.abs);
  const kappa = Math.max(...sizes) / Math.min(...sizes);
  return threshold * s.length * kappa ** 2 * epsilon + 2 * lost;
};

const onCorners =
  (cornersOf: (seen: Seen) => readonly Float64Array[] | undefined): Judge =>
  (seen) => {
    const { k, s } = seen;
    const corners = cornersOf(seen);
    const allowed = pathRounding(seen);
    if (corners === undefined || !(allowed < 1e-3)) return 'stop';
    const p = nearestOnPath(corners, s);
    const told = bounded(`‖s − p‖/‖s‖ at step ${k + 1}`, norm(plus(s, p, -1)) / norm(s), allowed);
    return [told.ratio <= 1 ? told : { ...told, expected: `[${[...p]}]`, got: `[${[...s]}]` }];
  };

export const dogleg = onCorners(({ h, g }) => {
  if (!definite(h, g.length)) return undefined;
  const { corners } = conjugatePath(h, g);
  return [corners[0], corners[corners.length - 1]];
});

export function steihaug(seen: Seen) {
  return onCorners(({ h, g }) => conjugatePath(h, g).corners)(seen);
}

export const ones = (_: Float64Array, n: number) => new Float64Array(n).fill(1);
export const diagonal = (h: Float64Array, n: number) =>
  Float64Array.from({ length: n }, (_, i) => Math.abs(h[i * (n + 1)]));
