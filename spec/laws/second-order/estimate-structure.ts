import fc from 'fast-check';
import { dyadicVector } from '../../arbitraries/dyadic.js';
import { withMap } from '../../arbitraries/linear-maps.js';
import { spectral } from '../../arbitraries/matrices.js';
import { type PairSequence, pairSequences } from '../../arbitraries/pairs.js';
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
import { largest, norm } from '../../subjects/point.js';
import { type EstimateSubject, productOf } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { atMost, backward, bitwise, comparable, forward } from '../tolerance.js';
import { conditioning, denominatorAngle, isDfp, misfit, regular, teach } from './estimate-angles.js';

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
      const h = matrixOf(n, productOf(estimate));
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
    const before = matrixOf(n, productOf(estimate));
    const pair = pairs[pairs.length - 1];
    if (!regular(subject, before, pair)) return [];
    teach(estimate, pair);
    const after = matrixOf(n, productOf(estimate));
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
      const angle = denominatorAngle(subject, matrixOf(n, productOf(estimate)), pair);
      // A small denominator magnifies what was rounded before, in itself and in the update.
      if (angle > 0) amplified /= angle ** 2;
      else if (norm(misfit(subject, matrixOf(n, productOf(estimate)), pair)) > 0) return [];
      teach(estimate, pair);
      last = pair;
    }
    const got = matrixOf(n, productOf(estimate));
    const values = subject.form === 'B' ? eigenvalues : eigenvalues.map((lambda) => 1 / lambda);
    const expected = subject.form === 'B' ? matrix : inverseOf(matrix, n);
    const kappa =
      amplified * (largest(steps.eigenvalues) / Math.min(...steps.eigenvalues)) * spread(eigenvalues);
    fc.pre(comparable(n, kappa, subject.epsilon));
    const size = largest(values) + 1;
    // What is left of v = y − Bs for a pair that is known is rounding error, and so is the angle it makes.
    const angle = denominatorAngle(subject, got, last!);
    teach(estimate, last!);
    const again = matrixOf(n, productOf(estimate));
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
      const angle = denominatorAngle(subject, matrixOf(n, productOf(there)), pair);
      kappa /= angle ** 2;
      fc.pre(angle > 1e-3 && comparable(n, kappa * conditioning(pairs) ** 2, subject.epsilon));
      teach(there, pair);
      teach(here, { s: times(t.inverse, pair.s), y: times(transposed(t.matrix, n), pair.y) });
    }
    kappa *= conditioning(pairs) ** 2;
    const expected = matrixOf(n, productOf(there));
    const inner = matrixOf(n, productOf(here));
    const [left, right] =
      subject.form === 'H' ? [t.matrix, transposed(t.matrix, n)] : [transposed(t.inverse, n), t.inverse];
    const got = product(product(left, inner, n), right, n);
    const size = norm(expected) + 1;
    return [forward('THTᵀ', norm(plus(got, expected, -1)), size, n, kappa, subject.epsilon)];
  },
});

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
  return matrixOf(n, productOf(estimate));
}

export const estimateStructureLaws = [duality, leastChange, hereditary, estimateInvariance];
