import fc from 'fast-check';
import { bentQuadratics } from '../../arbitraries/minimizations.js';
import { models } from '../../arbitraries/models.js';
import { inner, plus, times } from '../../oracles/dense/matrices.js';
import { hagerZhang, polakRibiere } from '../../oracles/second-order/conjugate.js';
import { norm } from '../../subjects/point.js';
import { solverTraits } from '../../subjects/second-order/solver-traits.js';
import { law } from '../law.js';
import { bounded, comparable, type Deviation, forward } from '../tolerance.js';

export const conjugateDirections = law({
  id: '35c',
  name: 'directions of nonlinear conjugate gradients',
  statement:
    'Each step is along p⁺ = −g⁺ + βp, with β = max(0, g⁺ᵀy/gᵀg) by Polak and Ribière, or Hager and Zhang’s (y − 2p·yᵀy/pᵀy)ᵀg⁺/pᵀy, at least 0.4pᵀg/pᵀp, where pᵀy > 0; along −g⁺ where p⁺ does not descend.',
  tolerance: 'K',
  source: 'Powell 1984; Hager and Zhang 2005, equation 1.3; Hager and Zhang 2013, equation 2.3',
  kind: 'solver',
  sample: () =>
    fc.tuple(bentQuadratics(), fc.constantFrom(0.125, 0.5, 0.25, 1), fc.integer({ min: 2, max: 4 })),
  measure(subject, [{ problem, start, n }, step, steps]) {
    const { conjugate } = solverTraits(subject);
    const { points } = subject.trace(problem, start, steps, { step });
    const gradients = points.map((x) => problem.gradient!(x));
    const found: Deviation[] = [];
    let p: Float64Array = gradients[0].map((g) => -g);
    let kappa = 1; // how far rounding in p may have grown
    for (let k = 0; k + 1 < points.length; k++) {
      if (k > 0) {
        const [before, now] = [gradients[k - 1], gradients[k]];
        const curvature = inner(p, plus(now, before, -1));
        const least = (0.4 * inner(p, before)) / inner(p, p);
        const beta =
          conjugate === 'polakRibiere'
            ? polakRibiere(before, now, p)
            : Math.max(least, hagerZhang(before, now, p));
        // Where curvature is not positive, Hager and Zhang’s β is another.
        if (conjugate === 'hagerZhang' && !(curvature > 1e-3 * norm(p) * norm(now))) break;
        const made = plus(
          now.map((g) => -g),
          p,
          beta,
        );
        const descent = inner(made, now) / (norm(made) * norm(now));
        if (Math.abs(descent) < 1e-6 || !Number.isFinite(descent)) break;
        const digits = (norm(now) + norm(before)) ** 2 / Math.min(norm(before), norm(now)) ** 2;
        kappa =
          ((norm(now) + Math.abs(beta) * norm(p)) / norm(made)) *
          kappa *
          digits *
          (norm(p) / norm(before) + 1);
        p = descent < 0 ? made : now.map((g) => -g);
      }
      const s = plus(points[k + 1], points[k], -1);
      const lost = (norm(points[k]) + norm(points[k + 1])) / norm(s);
      if (!comparable(n, kappa + lost, subject.epsilon)) break;
      const off = norm(plus(unit(s), unit(p), -1));
      found.push(forward(`direction of step ${k + 1}`, off, 1, 4 * n, kappa + lost, subject.epsilon));
    }
    return found;
  },
});

export const truncatedPath = law({
  id: '21c',
  name: 'path of truncated conjugate gradients',
  statement:
    'The step is a minimizer of the model over a Krylov space of −g, inside the region, or where the way from one to the next, or along negative curvature, meets the boundary: ‖p‖ = Δ; one inside leaves ‖Hp + g‖ ≤ ½‖g‖.',
  tolerance: 'K',
  source: 'Steihaug 1983, theorem 2.1; Hestenes and Stiefel 1952',
  kind: 'subproblem',
  sample: () => models({ signs: 'any', sizes: { min: 1, max: 4 }, reach: 3 }),
  measure({ solve, epsilon }, { n, matrix, gradient, radius }) {
    const { step } = solve(gradient, matrix, radius);
    const size = norm(step);
    let nearest = Number.POSITIVE_INFINITY;
    let kappa = 1;
    let at: Float64Array = new Float64Array(n);
    for (const { direction, length, condition } of krylovPath(matrix, gradient)) {
      kappa = Math.max(kappa, condition);
      if (!comparable(n, kappa, epsilon)) return [];
      const end = plus(at, direction, length);
      if (norm(end) < radius) nearest = Math.min(nearest, norm(plus(step, end, -1)));
      else {
        const tau = meeting(at, direction, radius);
        nearest = Math.min(nearest, norm(plus(step, plus(at, direction, tau), -1)));
        break;
      }
      at = end;
    }
    return [
      forward('distance from the path', nearest, Math.max(size, norm(at)), n, kappa, epsilon),
      bounded('‖p‖ beyond Δ', Math.max(0, size / radius - 1), 30 * n * epsilon),
      ...(size < radius * (1 - 30 * n * epsilon)
        ? [
            bounded(
              '‖Hp + g‖ beside ½‖g‖, inside the region',
              norm(plus(times(matrix, step), gradient)),
              norm(gradient) / 2,
            ),
          ]
        : []),
    ];
  },
});

export const conjugateLaws = [conjugateDirections, truncatedPath];

const unit = (v: Float64Array): Float64Array => v.map((entry) => entry / norm(v));

interface Leg {
  readonly direction: Float64Array;
  /** Infinite where the model falls for ever. */
  readonly length: number;
  /** How much rounding may have grown. */
  readonly condition: number;
}

/**
 * The ways from one minimizer over a Krylov space to the next, by vectors made orthogonal twice over: each new one is made
 * conjugate to all before it, so that no recurrence is shared with conjugate gradients.
 */
function* krylovPath(matrix: Float64Array, gradient: Float64Array): Generator<Leg> {
  const n = gradient.length;
  const scale = norm(matrix);
  const directions: Float64Array[] = [];
  const basis: Float64Array[] = [];
  let v = gradient;
  let condition = 1;
  for (let k = 0; k < n; k++) {
    const before = norm(v);
    for (let twice = 0; twice < 2; twice++) for (const u of basis) v = plus(v, u, -inner(u, v));
    if (norm(v) <= 1e-6 * before || before === 0) return; // the space is exhausted
    condition *= before / norm(v);
    basis.push(unit(v));
    let d: Float64Array = basis[k];
    for (let twice = 0; twice < 2; twice++) {
      for (const c of directions) {
        const product = times(matrix, c);
        d = plus(d, c, -inner(d, product) / inner(c, product));
      }
    }
    d = unit(d);
    const slope = inner(gradient, d);
    if (Math.abs(slope) <= 1e-9 * norm(gradient)) return; // nothing is left to gain
    if (slope > 0) d = d.map((entry) => -entry);
    const curvature = inner(d, times(matrix, d));
    condition *= scale / Math.abs(curvature);
    const length = curvature > 0 ? Math.abs(slope) / curvature : Number.POSITIVE_INFINITY;
    yield { direction: d, length, condition: condition ** 2 };
    if (!(curvature > 0)) return;
    directions.push(d);
    v = times(matrix, basis[k]);
  }
}

/** The τ > 0 at which ‖p + τd‖ = Δ, for a unit vector d and ‖p‖ < Δ. */
function meeting(p: Float64Array, d: Float64Array, radius: number): number {
  const b = inner(p, d);
  const root = Math.sqrt(b * b + (radius - norm(p)) * (radius + norm(p)));
  return b > 0 ? ((radius - norm(p)) * (radius + norm(p))) / (b + root) : root - b;
}
