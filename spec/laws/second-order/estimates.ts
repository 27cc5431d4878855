import fc from 'fast-check';
import { dyadicVector } from '../../arbitraries/dyadic.js';
import { spectral } from '../../arbitraries/matrices.js';
import { cosineOf, type PairSequence, pairSequences } from '../../arbitraries/pairs.js';
import {
  identity,
  inner,
  jacobi,
  matrixOf,
  plus,
  product,
  times,
  transposed,
} from '../../oracles/dense/matrices.js';
import { bfgsOfHessian, dfpOfHessian, type Pair } from '../../oracles/dense/updates.js';
import { law } from '../law.js';
import { largest, norm } from '../point.js';
import { atMost, backward, bitwise, bounded, comparable, type Deviation, forward } from '../tolerance.js';
import { withMap } from './newton.js';
import type { Estimate, EstimateSubject } from './subject.js';

export const secantEquation = law({
  id: '27',
  name: 'secant equation',
  statement:
    'After a pair that was not skipped, H⁺y = s, or B⁺s = y: residual ÷ (((‖H⁺‖ + ‖H‖)‖y‖ + ‖s − Hy‖/c)nε) < 30, c the cosine in the denominator of a rank-one update, else 1.',
  tolerance: 'R',
  source: 'Nocedal and Wright 2006, equation 6.6',
  kind: 'estimate',
  sample: () => pairSequences({ cosines: [1, 0.9, 0.3, 0.01, 1e-4] }),
  measure(subject, { n, pairs }) {
    const estimate = subject.start(n);
    for (const pair of pairs.slice(0, -1)) teach(estimate, pair);
    const before = matrixOf(n, estimate.apply);
    const pair = pairs[pairs.length - 1];
    if (!regular(subject, before, pair)) return [];
    teach(estimate, pair);
    const after = matrixOf(n, estimate.apply);
    const [from, to] = subject.form === 'H' ? [pair.y, pair.s] : [pair.s, pair.y];
    // A small denominator magnifies the rounding of what it divides.
    const magnified = norm(misfit(subject, before, pair)) / denominatorAngle(subject, before, pair);
    const norms = (norm(before) + norm(after)) * norm(from) + norm(to) + magnified;
    return [backward('H⁺y − s', norm(plus(estimate.apply(from), to, -1)), norms, n, subject.epsilon)];
  },
});

export const symmetry = law({
  id: '28',
  name: 'symmetry',
  statement: 'The estimate is symmetric within 2ε·max|H| an update.',
  tolerance: 'R',
  source: 'both terms of the update are symmetric',
  kind: 'estimate',
  sample: () => pairSequences({ cosines: [1, 0.9, 0.3, 0.01] }),
  measure(subject, { n, pairs }) {
    const estimate = subject.start(n);
    let allowed = 0;
    return pairs.map((pair) => {
      teach(estimate, pair);
      const h = matrixOf(n, estimate.apply);
      allowed += 2 * subject.epsilon * largest(h);
      return bounded('H − Hᵀ', largest(plus(h, transposed(h, n), -1)), allowed);
    });
  },
});

export const definiteness = law({
  id: '29',
  name: 'positive definiteness',
  statement:
    'Where every cos(s, y) ≥ 10⁻⁴ the estimate stays positive definite, as long as float64 can hold it.',
  tolerance: 'I',
  source: 'Nocedal and Wright 2006, section 6.1',
  kind: 'estimate',
  sample: () => pairSequences({ cosines: [1, 0.9, 0.3, 0.01, 1e-4], count: { min: 1, max: 3 } }),
  measure(subject, { n, pairs }) {
    const estimate = subject.start(n);
    let hessian = identity(n);
    const found: Deviation[] = [];
    for (const pair of pairs) {
      teach(estimate, pair);
      hessian = isDfp(subject) ? dfpOfHessian(hessian, pair) : bfgsOfHessian(hessian, pair);
      const h = matrixOf(n, estimate.apply);
      // What curvature a pair shows is small beside the estimate before it too: cosines alone do not bound κ(H).
      if (!comparable(n, norm(hessian) * norm(h), subject.epsilon)) break;
      const { values } = jacobi(plus(h, transposed(h, n)), n);
      const positive = [...values].every((lambda) => lambda > 0);
      found.push(bitwise('positive definite', positive ? 1 : 0, 1));
    }
    return found;
  },
});

/** Pairs without curvature: exactly none, a negative one, or one whose inverse overflows. */
const unfit = fc.constantFrom(0, -1, -(2 ** -1060), 2 ** -1060, 2 ** -1030, 5e-324);

export const guardedSkip = law({
  id: '29b',
  name: 'guarded skip',
  statement: 'A pair with sᵀy ≤ 0, or so small that 1/sᵀy overflows, leaves the estimate as it was.',
  tolerance: 'B',
  source: 'Nocedal and Wright 2006, section 18.3',
  kind: 'estimate',
  sample: () => fc.tuple(pairSequences({ sizes: { min: 2, max: 4 }, count: { min: 0, max: 3 } }), unfit),
  measure(subject, [{ n, pairs }, curvature]) {
    const estimate = subject.start(n);
    for (const pair of pairs) teach(estimate, pair);
    const before = matrixOf(n, estimate.apply);
    const s = Float64Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 0));
    const y = Float64Array.from({ length: n }, (_, i) => (i === 0 ? curvature : i === 1 ? 1 : 0));
    teach(estimate, { s, y });
    return [bitwise(`H after a pair with sᵀy = ${curvature}`, matrixOf(n, estimate.apply), before)];
  },
});

export const duality = law({
  id: '30',
  name: 'duality of DFP and BFGS',
  statement:
    'BFGS of H and DFP of B (s and y exchanged) are inverse to each other: ‖BH − I‖/(n‖B‖‖H‖ε) < 30 after each pair.',
  tolerance: 'R',
  source: 'Fletcher 1970; Nocedal and Wright 2006, section 6.1',
  kind: 'estimate',
  sample: () => pairSequences({ count: { min: 1, max: 3 } }),
  measure(subject, { n, pairs }) {
    const estimate = subject.start(n);
    // The Hessian of the same method, kept by the formula of the other with s and y exchanged.
    let hessian = identity(n);
    let sizes = 0;
    return pairs.map((pair) => {
      teach(estimate, pair);
      hessian = isDfp(subject) ? dfpOfHessian(hessian, pair) : bfgsOfHessian(hessian, pair);
      const h = matrixOf(n, estimate.apply);
      sizes += norm(hessian) * norm(h);
      const residual = norm(plus(product(hessian, h, n), identity(n), -1));
      return backward('BH − I', residual, sizes, n, subject.epsilon);
    });
  },
});

export const leastChange = law({
  id: '31',
  name: 'Broyden’s update changes least',
  statement:
    'B⁺ − B has rank one and vanishes on all z ⊥ s (for the inverse: on all w with sᵀHw = 0); so no C with Cs = y is nearer to B.',
  tolerance: 'R',
  source: 'Dennis and Moré 1977, theorem 4.1',
  kind: 'estimate',
  sample: () =>
    pairSequences({ cosines: [1, 0.9, 0.3, -0.5, 0.01] }).chain((sequence) =>
      dyadicVector(sequence.n).map((z): [PairSequence, number[]] => [sequence, z]),
    ),
  measure(subject, [{ n, pairs }, chosen]) {
    const estimate = subject.start(n);
    for (const pair of pairs.slice(0, -1)) teach(estimate, pair);
    const before = matrixOf(n, estimate.apply);
    const pair = pairs[pairs.length - 1];
    if (!regular(subject, before, pair)) return [];
    teach(estimate, pair);
    const after = matrixOf(n, estimate.apply);
    const change = plus(after, before, -1);
    const { s, y } = pair;
    const normal = subject.form === 'B' ? s : times(transposed(before, n), s);
    const z = plus(Float64Array.from(chosen), normal, -inner(chosen, normal) / inner(normal, normal));
    // The projection is known to ε times what was projected.
    const size = norm(chosen) + norm(z);
    const norms = (norm(before) + norm(after)) * size;
    const found = [backward('(B⁺ − B)z', norm(times(change, z)), norms, n, subject.epsilon)];
    if (subject.form === 'B') {
      const w = plus(Float64Array.from(chosen), s, -inner(chosen, s) / inner(s, s));
      const other = change.map((entry, at) => entry + y[Math.floor(at / n)] * w[at % n]); // C − B
      found.push(atMost('‖B⁺ − B‖', norm(change), norm(other), n, subject.epsilon, norms + norm(other)));
    }
    return found;
  },
});

export const hereditary = law({
  id: '33',
  name: 'SR1 learns a Hessian',
  statement:
    'After n independent steps on a quadratic B = A, if no pair was skipped; a pair known already changes nothing (0/0).',
  tolerance: 'K',
  source: 'Nocedal and Wright 2006, theorem 6.1',
  kind: 'estimate',
  sample: () =>
    spectral({ reach: 2, signs: 'any', sizes: { min: 1, max: 4 } }).chain((matrix) =>
      spectral({ reach: 1, sizes: { min: matrix.n, max: matrix.n } }).map((steps) => ({ ...matrix, steps })),
    ),
  measure(subject, { n, matrix, eigenvalues, steps }) {
    const estimate = subject.start(n);
    let amplified = 1;
    let last: Pair | undefined;
    for (let k = 0; k < n; k++) {
      const s = steps.matrix.slice(k * n, (k + 1) * n);
      const pair = { s, y: times(matrix, s) };
      const angle = denominatorAngle(subject, matrixOf(n, estimate.apply), pair);
      // A small denominator magnifies what was rounded before, in itself and in the update.
      if (angle > 0) amplified /= angle ** 2;
      else if (norm(misfit(subject, matrixOf(n, estimate.apply), pair)) > 0) return [];
      teach(estimate, pair);
      last = pair;
    }
    const got = matrixOf(n, estimate.apply);
    const values = subject.form === 'B' ? eigenvalues : eigenvalues.map((lambda) => 1 / lambda);
    const expected = subject.form === 'B' ? matrix : inverseOf(matrix, n);
    const kappa =
      amplified * (largest(steps.eigenvalues) / Math.min(...steps.eigenvalues)) * spread(eigenvalues);
    fc.pre(comparable(n, kappa, subject.epsilon));
    const size = largest(values) + 1;
    // What is left of v = y − Bs for a pair that is known is rounding error, and so is the angle it makes.
    const angle = denominatorAngle(subject, got, last!);
    teach(estimate, last!);
    const again = matrixOf(n, estimate.apply);
    const found = [
      forward('B − A', norm(plus(got, expected, -1)), size, n, kappa, subject.epsilon),
      bitwise('B after a pair that leaves 0/0', nullPair(subject, n), identity(n)),
    ];
    const noise = kappa / (angle || 1);
    if (comparable(n, noise, subject.epsilon)) {
      const change = norm(plus(again, expected, -1));
      found.push(forward('B after a pair it knows', change, size, n, noise, subject.epsilon));
    }
    return found;
  },
});

export const estimateInvariance = law({
  id: '36',
  name: 'affine invariance of the updates',
  statement: 'With H₀ → T⁻¹H₀T⁻ᵀ, s → T⁻¹s and y → Tᵀy the estimate H becomes T⁻¹HT⁻ᵀ (B becomes TᵀBT).',
  tolerance: 'K',
  source: 'Nocedal and Wright 2006, exercise 6.8; Dennis and Schnabel 1983, section 9.4',
  kind: 'estimate',
  sample: () => withMap(pairSequences({ count: { min: 1, max: 3 } })),
  measure(subject, [{ n, pairs }, t]) {
    const there = subject.start(n);
    // T = QΛ: T⁻¹T⁻ᵀ = Λ⁻² and TᵀT = Λ², exactly.
    const square = t.scales.map((scale) => (subject.form === 'H' ? scale ** -2 : scale ** 2));
    const initial = identity(n).map((entry, at) => entry * square[at % n]);
    const here = subject.start(n, { initial });
    let kappa = t.condition ** 2;
    for (const pair of pairs) {
      const angle = denominatorAngle(subject, matrixOf(n, there.apply), pair);
      kappa /= angle ** 2;
      fc.pre(angle > 1e-3 && comparable(n, kappa * conditioning(pairs) ** 2, subject.epsilon));
      teach(there, pair);
      teach(here, { s: times(t.inverse, pair.s), y: times(transposed(t.matrix, n), pair.y) });
    }
    kappa *= conditioning(pairs) ** 2;
    const expected = matrixOf(n, there.apply);
    const inner = matrixOf(n, here.apply);
    const [left, right] =
      subject.form === 'H' ? [t.matrix, transposed(t.matrix, n)] : [transposed(t.inverse, n), t.inverse];
    const got = product(product(left, inner, n), right, n);
    const size = norm(expected) + 1;
    return [forward('THTᵀ', norm(plus(got, expected, -1)), size, n, kappa, subject.epsilon)];
  },
});

export const estimateLaws = [
  secantEquation,
  symmetry,
  definiteness,
  guardedSkip,
  duality,
  leastChange,
  hereditary,
  estimateInvariance,
];

function teach(estimate: Estimate, { s, y }: Pair): void {
  estimate.learn(s.slice(), y.slice());
}

/** ∏ 1/cos(s, y). */
export function conditioning(pairs: readonly Pair[]): number {
  return pairs.reduce((total, pair) => total / cosineOf(pair), 1);
}

/** Whether the update by this pair is defined well away from the rules for skipping it. */
function regular(subject: EstimateSubject, before: Float64Array, pair: Pair): boolean {
  return denominatorAngle(subject, before, pair) > 1e-6;
}

function isDfp({ method }: EstimateSubject): boolean {
  return method.toLowerCase().includes('dfp');
}

/** y − Bs, or s − Hy. */
function misfit({ form }: EstimateSubject, m: Float64Array, { s, y }: Pair): Float64Array {
  return form === 'B' ? plus(y, times(m, s), -1) : plus(s, times(m, y), -1);
}

/** The cosine by which an update divides: of vᵀs for rank-one updates, of sᵀHy for Broyden's inverse, else 1. */
function denominatorAngle(subject: EstimateSubject, m: Float64Array, pair: Pair): number {
  const { method, form } = subject;
  const cosine = (left: Float64Array, right: Float64Array) =>
    Math.abs(inner(left, right)) / (norm(left) * norm(right) || Number.POSITIVE_INFINITY);
  if (method.toLowerCase().includes('rankone')) {
    return cosine(misfit(subject, m, pair), form === 'B' ? pair.s : pair.y);
  }
  if (method.toLowerCase().includes('inversebroyden')) {
    const { s, y } = pair;
    return Math.abs(inner(s, times(m, y))) / (norm(s) * norm(m) * norm(y));
  }
  return 1;
}

function spread(values: readonly number[]): number {
  return largest(values) / Math.min(...values.map(Math.abs));
}

function inverseOf(matrix: Float64Array, n: number): Float64Array {
  const { values, vectors } = jacobi(matrix, n);
  const scaled = vectors.map((entry, at) => entry / values[at % n]);
  return product(scaled, transposed(vectors, n), n);
}

/** The estimate after a pair that the identity explains: s = y, whose update is 0/0. */
function nullPair(subject: EstimateSubject, n: number): Float64Array {
  const estimate = subject.start(n);
  const s = Float64Array.from({ length: n }, (_, i) => i + 1);
  estimate.learn(s, s.slice());
  return matrixOf(n, estimate.apply);
}
