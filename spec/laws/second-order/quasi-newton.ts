import fc from 'fast-check';
import type { Minimization } from '../../../src/index.js';
import { dyadicVector } from '../../arbitraries/dyadic.js';
import { spectral } from '../../arbitraries/matrices.js';
import { definiteQuadratics, quadraticOf } from '../../arbitraries/minimizations.js';
import { cosineOf, pairSequences } from '../../arbitraries/pairs.js';
import { plus, times } from '../../oracles/dense/matrices.js';
import { limitedInverse, type Pair, scalingOf } from '../../oracles/dense/updates.js';
import { norm } from '../../subjects/point.js';
import { productOf } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { backward, bounded, comparable, type Deviation, forward } from '../tolerance.js';
import { conditioning } from './estimate-angles.js';

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
          productOf(estimate)(q),
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
  sample: () =>
    fc.tuple(definiteQuadratics(1), fc.constantFrom(0.25, 0.5, 0.125), fc.integer({ min: 1, max: 6 })),
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
    return besideDense(n, pairs, 20, 1, q, productOf(estimate)(q), subject.epsilon);
  },
});

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

export const quasiNewtonLaws = [linearSystems, limitedMemoryIsBfgs, historyDecides];
