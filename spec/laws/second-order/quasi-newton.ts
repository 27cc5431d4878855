import fc from 'fast-check';
import type { Minimization } from '../../../src/index.js';
import { dyadicVector } from '../../arbitraries/dyadic.js';
import { condition, spectral } from '../../arbitraries/matrices.js';
import { cosineOf, pairSequences } from '../../arbitraries/pairs.js';
import { inner, plus, times } from '../../oracles/dense/matrices.js';
import { limitedInverse, type Pair, scalingOf } from '../../oracles/dense/updates.js';
import { law } from '../law.js';
import { norm } from '../point.js';
import { backward, bounded, comparable, type Deviation, forward } from '../tolerance.js';
import { conditioning } from './estimates.js';
import { quadraticOf } from './newton.js';

/** A definite quadratic with its minimiser, started at 0. */
const quadratic = (reach: number) =>
  spectral({ reach }).chain((matrix) =>
    dyadicVector(matrix.n).map((chosen) => {
      const minimizer = chosen.map((x, i) => x || i + 1);
      const g = times(matrix.matrix, minimizer).map((entry) => -entry);
      return { ...matrix, minimizer, g };
    }),
  );

export const exactSteps = law({
  id: '3',
  name: 'steepest descent with exact steps',
  statement:
    'On a quadratic (f⁺ − f*)/(f − f*) ≤ ((κ − 1)/(κ + 1))² and g⁺ ⊥ g; from the minimum it stays there.',
  tolerance: 'I',
  source: 'Kantorovich 1948; Nocedal and Wright 2006, theorem 3.3',
  kind: 'solver',
  sample: () => fc.tuple(quadratic(3), fc.integer({ min: 0, max: 9 })),
  measure(subject, [sample, at]) {
    const { n, matrix, g, minimizer, eigenvalues } = sample;
    // One start in ten is the minimum of ½xᵀHx, where the gradient vanishes exactly.
    const stationary = at === 0;
    const slope = stationary ? new Float64Array(n) : g;
    const { points } = subject.trace(quadraticOf(matrix, slope), new Float64Array(n), 3, { step: 'exact' });
    const found = points.map((x, k) => finite(x, k));
    if (stationary) return [...found, bounded('steps from the minimum', norm(points[points.length - 1]), 0)];
    const { epsilon } = subject;
    const kappa = condition({ ...sample, eigenvalues });
    const excess = (x: Float64Array) => {
      const e = plus(x, minimizer, -1);
      return inner(e, times(matrix, e)) / 2;
    };
    const rate = ((kappa - 1) / (kappa + 1)) ** 2;
    const gradientAt = (x: Float64Array) => plus(times(matrix, x), slope);
    for (let k = 1; k < points.length; k++) {
      const [x, next] = [points[k - 1], points[k]];
      const size = norm(matrix) * (norm(x) + norm(next) + norm(minimizer));
      // Where the gradient is rounding error the step length is a quotient of noise.
      if (norm(gradientAt(x)) <= 1e3 * n * epsilon * size) break;
      const bound = rate * excess(x);
      const rounding = 30 * n * epsilon * size * norm(plus(x, minimizer, -1));
      found.push(
        bounded('f⁺ − f* beyond its bound', Math.max(0, excess(next) - bound), rounding),
        backward(
          'g⁺ᵀg',
          Math.abs(inner(gradientAt(next), gradientAt(x))),
          norm(gradientAt(x)) * size,
          n,
          epsilon,
        ),
      );
    }
    return found;
  },
});

export const orthogonalGradient = law({
  id: '3b',
  name: 'exact steps end where the line is level',
  statement: 'With exact steps on a quadratic g⁺ is orthogonal to the step.',
  tolerance: 'R',
  source: 'φ′(α) = 0',
  kind: 'solver',
  sample: () => quadratic(2),
  measure(subject, { n, matrix, g }) {
    const { points } = subject.trace(quadraticOf(matrix, g), new Float64Array(n), 2, { step: 'exact' });
    return points.slice(1).map((x, k) => {
      const s = plus(x, points[k], -1);
      const after = plus(times(matrix, x), g);
      // α is a quotient of slopes that carry the rounding of the gradients at both ends.
      const size = norm(matrix) * (norm(x) + norm(s)) + norm(g);
      return backward('g⁺ᵀs', Math.abs(inner(after, s)), 4 * size * norm(s), n, subject.epsilon);
    });
  },
});

export const conjugacy = law({
  id: '34',
  name: 'exact steps make conjugate gradients',
  statement:
    'On a quadratic with exact steps the iterates from H₀ = I are those of conjugate gradients, and the n-th is the minimizer: within 10³κε·(‖g₀‖/‖g_k‖)² for the smallest gradient on the way, whose digits are lost and which enters squared. Runs on which a gradient falls below a quarter of the first are not judged.',
  tolerance: 'K',
  source: 'Nazareth 1979; Nocedal and Wright 2006, theorem 6.4',
  kind: 'solver',
  sample: () => quadratic(2),
  measure(subject, sample) {
    const { n, matrix, g, minimizer } = sample;
    const kappa = condition(sample);
    const { points } = subject.trace(quadraticOf(matrix, g), new Float64Array(n), n, { step: 'exact' });
    const { points: expected, lost } = conjugateGradients(matrix, g, n);
    fc.pre(lost <= 4);
    const allowed = 1e3 * kappa * lost ** 2 * subject.epsilon * norm(minimizer);
    const found = points
      .slice(1)
      .map((x, k) =>
        bounded(`x_${k + 1} beside conjugate gradients`, norm(plus(x, expected[k], -1)), allowed),
      );
    const last = points[points.length - 1];
    return [...found, bounded('x_n − x*', norm(plus(last, minimizer, -1)), allowed)];
  },
});

export const linearSystems = law({
  id: '32',
  name: 'Broyden solves linear systems',
  statement: 'Full steps on g(x) = A(x − x*), κ ≤ 10, n ≤ 6, end within 2n with ‖g‖ ≤ 10⁻⁸‖g₀‖.',
  tolerance: 'I',
  source: 'Gay 1979',
  kind: 'solver',
  sample: () =>
    spectral({ reach: 1, sizes: { min: 1, max: 6 } }).chain((matrix) =>
      fc.tuple(dyadicVector(matrix.n), dyadicVector(matrix.n)).map(([g, turn]) => ({ ...matrix, g, turn })),
    ),
  measure(subject, { n, matrix, g }) {
    const slope = Float64Array.from(g, (gi, i) => gi || i + 1);
    const field: Minimization = { value: () => 0, gradient: (x) => plus(times(matrix, x), slope) };
    const { points } = subject.trace(field, new Float64Array(n), 2 * n, {});
    const least = Math.min(...points.map((x) => norm(field.gradient!(x))));
    return [bounded('‖g‖ within 2n steps', least, 1e-8 * norm(slope))];
  },
});

export const limitedMemoryIsBfgs = law({
  id: '35',
  name: 'L-BFGS is BFGS',
  statement:
    'Hq by the last m pairs from γI is the dense BFGS product at every offset of the ring (γ = 1, or sᵀy/yᵀy of the newest): R where every cos(s, y) ≥ 0.3, else K with κ = ∏1/cos².',
  tolerance: 'R',
  source: 'Nocedal 1980; Nocedal and Wright 2006, algorithm 7.4',
  kind: 'estimate',
  sample: () =>
    fc
      .tuple(
        fc.constantFrom(false, true),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom([1, 0.9, 0.5, 0.3], [1, 0.1, 0.03]),
      )
      .chain(([scaled, memory, cosines]) =>
        pairSequences({ count: { min: 1, max: 9 }, cosines }).chain(({ n, pairs }) =>
          dyadicVector(n).map((q) => ({
            n,
            pairs,
            memory,
            scaled,
            q: Float64Array.from(q, (qi, i) => qi || i + 1),
          })),
        ),
      ),
  measure: (subject, { n, pairs, memory, scaled, q }) => {
    const estimate = subject.start(n, { memory, scaled });
    const found: Deviation[] = [];
    pairs.forEach(({ s, y }, k) => {
      estimate.learn(s.slice(), y.slice());
      const known = pairs.slice(0, k + 1);
      found.push(
        ...besideDense(
          n,
          known,
          memory,
          scaled ? scalingOf(known[k]) : 1,
          q,
          estimate.apply(q),
          subject.epsilon,
        ),
      );
    });
    return found;
  },
});

export const historyDecides = law({
  id: '35b',
  name: 'steps of BFGS and L-BFGS',
  statement:
    'x⁺ = x − αHg with H the dense BFGS matrix of all steps and true gradient changes so far, from H₀ = I.',
  tolerance: 'K',
  source: 'Nocedal and Wright 2006, algorithms 6.1 and 7.5',
  kind: 'solver',
  sample: () => fc.tuple(quadratic(1), fc.constantFrom(0.25, 0.5, 0.125), fc.integer({ min: 1, max: 6 })),
  measure(subject, [{ n, matrix, g }, step, steps]) {
    const { points } = subject.trace(quadraticOf(matrix, g), new Float64Array(n), steps, { step });
    const gradients = points.map((x) => plus(times(matrix, x), g));
    const pairs: Pair[] = [];
    const found: Deviation[] = [];
    for (let k = 1; k < points.length; k++) {
      const [x, next] = [points[k - 1], points[k]];
      const p = times(limitedInverse(n, pairs, pairs.length || 1, 1), gradients[k - 1]);
      const error = norm(plus(plus(next, x, -1), p, step));
      // y is a difference of gradients: near the minimum little is left of its digits.
      const digits = pairs.reduce(
        (most, { y }) => Math.max(most, (norm(matrix) * (norm(x) + norm(points[0]) + norm(g))) / norm(y)),
        1,
      );
      const kappa = digits * conditioning(pairs) ** 2;
      if (!comparable(n * k, kappa, subject.epsilon)) break;
      found.push(
        forward(`x_${k} − x_${k - 1} + αHg`, error, step * norm(p) + norm(x), n * k, kappa, subject.epsilon),
      );
      pairs.push({ s: plus(next, x, -1), y: plus(gradients[k], gradients[k - 1], -1) });
    }
    return found;
  },
});

/** 35, NEG: with γ rescaled it is not BFGS from the identity. */
export const rescaledIsBfgs = law({
  id: '35',
  name: 'rescaled L-BFGS is BFGS from the identity',
  statement: 'Hq with γ = sᵀy/yᵀy is the dense product from H₀ = I: seen to be false.',
  tolerance: 'R',
  source: 'H₀ = γI moves with every pair',
  kind: 'estimate',
  sample: () =>
    pairSequences({ sizes: { min: 2, max: 4 } }).chain((sequence) =>
      dyadicVector(sequence.n).map((q) => ({ ...sequence, q: Float64Array.from(q, (qi, i) => qi || i + 1) })),
    ),
  measure(subject, { n, pairs, q }) {
    const estimate = subject.start(n, { memory: 20, scaled: true });
    for (const { s, y } of pairs) estimate.learn(s.slice(), y.slice());
    return besideDense(n, pairs, 20, 1, q, estimate.apply(q), subject.epsilon);
  },
});

export const quasiNewtonLaws = [
  exactSteps,
  orthogonalGradient,
  linearSystems,
  conjugacy,
  limitedMemoryIsBfgs,
  historyDecides,
];

function besideDense(
  n: number,
  pairs: readonly Pair[],
  memory: number,
  gamma: number,
  q: Float64Array,
  got: Float64Array,
  epsilon: number,
): Deviation[] {
  const kept = pairs.slice(-memory);
  const h = limitedInverse(n, pairs, memory, gamma);
  const sizes = norm(h) * norm(q);
  const error = norm(plus(got, times(h, q), -1));
  const terms = n + kept.length;
  if (kept.every((pair) => cosineOf(pair) >= 0.299)) return [backward('Hq', error, sizes, terms, epsilon)];
  const kappa = conditioning(kept) ** 2;
  return comparable(terms, kappa, epsilon) ? [forward('Hq', error, sizes, terms, kappa, epsilon)] : [];
}

function finite(x: Float64Array, k: number): Deviation {
  return bounded(`entries of x_${k} that are not finite`, x.filter((xi) => !Number.isFinite(xi)).length, 0);
}

/**
 * Conjugate gradients from 0 as Hestenes and Stiefel wrote them (1952), and ‖g₀‖ over the smallest gradient from
 * which a step is made that is more than rounding.
 */
function conjugateGradients(
  matrix: Float64Array,
  g: Float64Array,
  n: number,
): { points: Float64Array[]; lost: number } {
  let x: Float64Array = new Float64Array(n);
  let r: Float64Array = g.map((gi) => -gi);
  let p = r;
  const points: Float64Array[] = [];
  let lost = 1;
  for (let k = 0; k < n; k++) {
    const ap = times(matrix, p);
    const rr = inner(r, r);
    const shrunk = norm(g) / Math.sqrt(rr);
    if (shrunk < 2 ** 44) lost = Math.max(lost, shrunk);
    const alpha = rr === 0 ? 0 : rr / inner(p, ap);
    x = plus(x, p, alpha);
    r = plus(r, ap, -alpha);
    p = plus(r, p, rr === 0 ? 0 : inner(r, r) / rr);
    points.push(x);
  }
  return { points, lost };
}
