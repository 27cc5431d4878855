import { secondOrderClaims } from '../../subjects/second-order/claims.js';
import type { SubproblemSubject } from '../../subjects/second-order/subject.js';
import { inner, jacobi, plus, times } from '../dense/matrices.js';
import { solved } from '../newton.js';

type Solve = SubproblemSubject['solve'];

/** A way to minimize a model in a region, of plain loops. */
export function naiveRegion(
  method: string,
  solve: Solve,
  { name = `${method} (naive)`, claims = secondOrderClaims[method] ?? [], tolerance = 0 } = {},
): SubproblemSubject {
  return {
    kind: 'subproblem',
    name,
    epsilon: 2 ** -52,
    claims,
    tolerance,
    solve,
    scope: (body) => body(),
  };
}

/** The p of (H + λI)p = −g in the eigenbasis, by bisection on λ; the hard case completed along the lowest vector. */
export function eigenSolve(
  gradient: Float64Array,
  hessian: Float64Array,
  radius: number,
  { completes = true } = {},
): ReturnType<Solve> {
  const n = gradient.length;
  const { values, vectors } = jacobi(hessian, n);
  const parts = Float64Array.from({ length: n }, (_, k) =>
    gradient.reduce((total, g, i) => total + g * vectors[i * n + k], 0),
  );
  const lowest = Math.min(...values);
  const size = Math.max(...values.map(Math.abs));
  const noise = 1e-13;
  const coefficients = (lambda: number) =>
    parts.map((part, k) =>
      Math.abs(part) <= noise * Math.hypot(...parts) && values[k] - lowest <= noise * size
        ? 0
        : -part / (values[k] + lambda),
    );
  const at = (lambda: number, extra = 0) => {
    const chosen = coefficients(lambda);
    if (extra !== 0) chosen[values.indexOf(lowest)] += extra;
    return Float64Array.from({ length: n }, (_, i) =>
      chosen.reduce((total, c, k) => total + c * vectors[i * n + k], 0),
    );
  };
  const least = Math.max(0, -lowest);
  const length = (lambda: number) => Math.hypot(...coefficients(lambda));
  if (length(least) <= radius) {
    const missing = Math.sqrt(Math.max(0, radius ** 2 - length(least) ** 2));
    return { step: at(least, completes && lowest < 0 ? missing : 0), multiplier: least };
  }
  let [below, above] = [least, least + Math.hypot(...gradient) / radius];
  for (let k = 0; k < 200; k++) {
    const middle = (below + above) / 2;
    if (length(middle) > radius) below = middle;
    else above = middle;
  }
  return { step: at(above), multiplier: above };
}

export const exactRegionOracle = naiveRegion('exact', (g, h, radius) => eigenSolve(g, h, radius), {
  tolerance: 1e-9,
});

/** The dogleg path of Powell 1970, which a convex model allows; where it leaves the region by bisection. */
export function doglegStep(
  gradient: Float64Array,
  hessian: Float64Array,
  radius: number,
  bend: (tau: number, cauchy: Float64Array, newton: Float64Array) => Float64Array = doglegPath,
): Float64Array {
  const size = Math.sqrt(inner(gradient, gradient));
  const curvature = inner(gradient, times(hessian, gradient));
  const reach = curvature > 0 ? size ** 2 / curvature : Number.POSITIVE_INFINITY;
  const along = Math.min(reach, radius / size);
  const cauchy = gradient.map((g) => -along * g);
  const { values } = jacobi(hessian, gradient.length);
  if (along < reach || Math.min(...values) <= 0) return cauchy;
  const newton = Float64Array.from(solved(hessian, [...gradient]), (p) => -p);
  if (Math.hypot(...newton) <= radius) return newton;
  let [low, high] = [1, 2];
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (Math.hypot(...bend(middle, cauchy, newton)) > radius) high = middle;
    else low = middle;
  }
  return bend(low, cauchy, newton);
}

/** Cauchy's point at τ = 1, Newton's at τ = 2. */
function doglegPath(tau: number, cauchy: Float64Array, newton: Float64Array): Float64Array {
  return plus(cauchy, plus(newton, cauchy, -1), tau - 1);
}

export const doglegOracle = naiveRegion('dogleg', (gradient, hessian, radius) => ({
  step: doglegStep(gradient, hessian, radius),
  multiplier: Number.NaN,
}));
