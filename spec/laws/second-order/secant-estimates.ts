import fc from 'fast-check';
import { nonzeroVector } from '../../arbitraries/dyadic.js';
import { pairSequences } from '../../arbitraries/pairs.js';
import { identity, inner, jacobi, matrixOf, plus, transposed } from '../../oracles/dense/matrices.js';
import { bfgsOfHessian, dfpOfHessian } from '../../oracles/dense/updates.js';
import { largest, norm } from '../../subjects/point.js';
import { productOf } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { backward, bitwise, bounded, comparable, type Deviation } from '../tolerance.js';
import { denominatorAngle, isDfp, misfit, regular, teach } from './estimate-angles.js';

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
    const before = matrixOf(n, productOf(estimate));
    const pair = pairs[pairs.length - 1];
    if (!regular(subject, before, pair)) return [];
    teach(estimate, pair);
    const after = matrixOf(n, productOf(estimate));
    const [from, to] = subject.form === 'H' ? [pair.y, pair.s] : [pair.s, pair.y];
    // A small denominator magnifies the rounding of what it divides.
    const magnified = norm(misfit(subject, before, pair)) / denominatorAngle(subject, before, pair);
    const norms = (norm(before) + norm(after)) * norm(from) + norm(to) + magnified;
    return [backward('H⁺y − s', norm(plus(productOf(estimate)(from), to, -1)), norms, n, subject.epsilon)];
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
      const h = matrixOf(n, productOf(estimate));
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
      const h = matrixOf(n, productOf(estimate));
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
    const before = matrixOf(n, productOf(estimate));
    const s = Float64Array.from({ length: n }, (_, i) => (i === 0 ? 1 : 0));
    const y = Float64Array.from({ length: n }, (_, i) => (i === 0 ? curvature : i === 1 ? 1 : 0));
    teach(estimate, { s, y });
    return [bitwise(`H after a pair with sᵀy = ${curvature}`, matrixOf(n, productOf(estimate)), before)];
  },
});

export const guardOfAnyUnit = law({
  id: '29c',
  name: 'a guard knows no unit',
  statement: 'Whether a pair is left out does not depend on the units, s → 2ʲs and y → 2ᵏy.',
  tolerance: 'B',
  source: 'cos(s, y) has no unit; Nocedal and Wright 2006, section 18.3',
  kind: 'estimate',
  sample: () => {
    const power = fc.integer({ min: -200, max: 200 });
    return fc.tuple(fc.constantFrom(0, 2 ** -90, 2 ** -60, 2 ** -30, 2 ** -10, 1), power, power);
  },
  measure(subject, [cosine, j, k]) {
    const learns = (sUnit: number, yUnit: number) => {
      const estimate = subject.start(2);
      const before = matrixOf(2, productOf(estimate));
      teach(estimate, { s: Float64Array.of(sUnit, 0), y: Float64Array.of(cosine * yUnit, yUnit) });
      return matrixOf(2, productOf(estimate)).some((entry, at) => entry !== before[at]);
    };
    const [there, here] = [learns(1, 1), learns(2 ** j, 2 ** k)];
    return [bitwise(`learnt in units of 2^${j} and 2^${k}`, Number(here), Number(there))];
  },
});

export const sizeOfTheRest = law({
  id: '35d',
  name: 'the size of what no pair tells',
  statement:
    'An estimate of the inverse that scales itself takes γ = sᵀy/yᵀy of its one pair for what is orthogonal to s and y: Hv = γv.',
  tolerance: 'R',
  source: 'Nocedal and Wright 2006, equations 6.20 and 7.20',
  kind: 'estimate',
  sample: () =>
    fc.tuple(pairSequences({ sizes: { min: 3, max: 4 }, count: { min: 1, max: 1 } }), nonzeroVector(4)),
  measure(subject, [{ n, pairs }, drawn]) {
    const [{ s, y }] = pairs;
    let v: Float64Array = Float64Array.from(drawn.slice(0, n));
    const rest = plus(y, s, -inner(s, y) / inner(s, s));
    const axes = norm(rest) > 1e-6 * norm(y) ? [s, rest] : [s];
    for (let twice = 0; twice < 2; twice++)
      for (const axis of axes) v = plus(v, axis, -inner(v, axis) / inner(axis, axis));
    fc.pre(norm(v) > 1e-3);
    const estimate = subject.start(n, { scaled: true });
    teach(estimate, { s, y });
    const gamma = inner(s, y) / inner(y, y);
    const off = norm(plus(productOf(estimate)(v), v, -gamma));
    const size = ((gamma + norm(s) / norm(y)) * norm(v) * (norm(s) * norm(y))) / inner(s, y);
    return [backward('Hv − γv', off, size, 4 * n, subject.epsilon)];
  },
});

export const secantEstimateLaws = [
  sizeOfTheRest,
  secantEquation,
  symmetry,
  definiteness,
  guardedSkip,
  guardOfAnyUnit,
];
