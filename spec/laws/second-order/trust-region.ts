import fc from 'fast-check';
import { condition } from '../../arbitraries/matrices.js';
import { type Model, models } from '../../arbitraries/models.js';
import { inner, plus, times, transposed } from '../../oracles/dense/matrices.js';
import { largest, norm } from '../../subjects/point.js';
import { law } from '../law.js';
import { atMost, backward, comparable, type Deviation, forward } from '../tolerance.js';

export const withinRegion = law({
  id: '21',
  name: 'trust-region steps',
  statement: '‖p‖ ≤ Δ(1 + rtol), and the model falls at least (1 − rtol)² as far as at Cauchy’s point.',
  tolerance: 'I',
  source: 'Nocedal and Wright 2006, section 4.1',
  kind: 'subproblem',
  sample: () => models(),
  measure(subject, model) {
    const { n, matrix, gradient, radius } = model;
    const { step } = subject.solve(gradient, matrix, radius);
    const { epsilon } = subject;
    const cauchy = cauchyPoint(model);
    const [got, least] = [modelAt(model, step), (1 - subject.tolerance) ** 2 * modelAt(model, cauchy)];
    const length = norm(step);
    return [
      atMost('‖p‖', length, radius * (1 + subject.tolerance), n, epsilon, length + radius),
      atMost('m(p)', got, least, n, epsilon, magnitude(model, step) + magnitude(model, cauchy)),
    ];
  },
});

export const exactRegion = law({
  id: '21b',
  name: 'exact trust-region steps',
  statement:
    '(H + λI)p = −g (R), λ ≥ 0, H + λI ⪰ 0, λ(Δ − ‖p‖) ≤ rtol·λΔ, and the model falls at least (1 − rtol)² as far as at any feasible point, the hard case included.',
  tolerance: 'R',
  source: 'Moré and Sorensen 1983, lemmas 2.1 and 2.3',
  kind: 'subproblem',
  sample: () => models(),
  measure(subject, model) {
    const { n, matrix, gradient, radius, eigenvalues } = model;
    const { step, multiplier } = subject.solve(gradient, matrix, radius);
    const { epsilon, tolerance } = subject;
    const size = largest(eigenvalues);
    const residual = plus(plus(times(matrix, step), gradient), step, multiplier);
    const lowest = Math.min(...eigenvalues);
    const slack = multiplier * (radius - norm(step));
    const found: Deviation[] = [
      backward(
        '(H + λI)p + g',
        norm(residual),
        (size + multiplier) * norm(step) + norm(gradient),
        n,
        epsilon,
      ),
      atMost('−λ', -multiplier, 0, n, epsilon, 0),
      atMost('−λ₁ − λ', -lowest - multiplier, 0, n, epsilon, size + multiplier),
      atMost('λ(Δ − ‖p‖)', slack, tolerance * multiplier * radius, n, epsilon, 2 * multiplier * radius),
    ];
    const got = modelAt(model, step);
    for (const point of feasiblePoints(model)) {
      const bound = (1 - tolerance) ** 2 * modelAt(model, point);
      const terms = magnitude(model, step) + magnitude(model, point);
      found.push(atMost('m(p) beside a feasible point', got, Math.min(0, bound), n, epsilon, terms));
    }
    return found;
  },
});

export const onDogleg = law({
  id: '21d',
  name: 'the dogleg path',
  statement:
    'For H ≻ 0 the step is Newton’s, or where that is too long the point of the path from 0 by Cauchy’s point to Newton’s with ‖p‖ = Δ.',
  tolerance: 'K',
  source: 'Powell 1970; κ = κ(H)² over the cosine at which the path leaves the region',
  kind: 'subproblem',
  // Radii before Cauchy’s point, between it and Newton’s, and beyond.
  sample: () => fc.tuple(models({ signs: '+', reach: 2 }), fc.constantFrom(0.5, 0.25, 0.75, -0.5, 1.5)),
  measure(subject, [model, between]) {
    const { n, gradient, eigenvalues, eigenvectors, matrix } = model;
    const parts = times(transposed(eigenvectors, n), gradient);
    const newton = times(
      eigenvectors,
      parts.map((part, k) => -part / eigenvalues[k]),
    );
    const free = norm(cauchyPoint({ ...model, radius: Number.POSITIVE_INFINITY }));
    const radius = Math.max(free / 2, free + between * (norm(newton) - free));
    const cauchy = cauchyPoint({ ...model, radius });
    const expected = norm(newton) <= radius ? newton : onPath(cauchy, newton, radius);
    const leg = plus(newton, cauchy, -1);
    const crossing = inner(leg, expected) / (norm(leg) * norm(expected)) || 1;
    const kappa = condition(model) ** 2 / Math.min(1, Math.abs(crossing));
    fc.pre(comparable(n, kappa, subject.epsilon));
    const { step } = subject.solve(gradient, matrix, radius);
    const error = norm(plus(step, expected, -1));
    return [forward('p', error, norm(expected), n, kappa, subject.epsilon)];
  },
});

export const trustRegionLaws = [withinRegion, exactRegion, onDogleg];

/** Where the way from a point to one outside leaves the region. */
function onPath(from: Float64Array, to: Float64Array, radius: number): Float64Array {
  const leg = plus(to, from, -1);
  const [square, along] = [inner(leg, leg), inner(from, leg)];
  const left = Math.max(0, radius ** 2 - inner(from, from));
  return plus(from, leg, left / (along + Math.sqrt(along ** 2 + square * left)));
}

/** gᵀp + ½pᵀHp. */
export function modelAt({ matrix, gradient }: Pick<Model, 'matrix' | 'gradient'>, p: Float64Array): number {
  return inner(gradient, p) + inner(p, times(matrix, p)) / 2;
}

/** The absolute values of all terms in the model at p. */
function magnitude({ matrix, gradient }: Model, p: Float64Array): number {
  const sizes = p.map(Math.abs);
  return inner(gradient.map(Math.abs), sizes) + inner(sizes, times(matrix.map(Math.abs), sizes)) / 2;
}

/** The minimizer of the model along −g within the region. */
function cauchyPoint({ matrix, gradient, radius }: Model): Float64Array {
  const size = norm(gradient);
  const curvature = inner(gradient, times(matrix, gradient));
  const free = curvature > 0 ? size ** 2 / curvature : Number.POSITIVE_INFINITY;
  const along = Math.min(free, radius / size);
  return gradient.map((g) => -along * g);
}

/** Points that a good step must beat: Cauchy's, and those that follow single eigenvectors to the boundary. */
function feasiblePoints(model: Model): Float64Array[] {
  const { n, eigenvectors, radius, gradient, eigenvalues } = model;
  const vectors = transposed(eigenvectors, n);
  const axes = eigenvalues.flatMap((_, k) => {
    const v = vectors.slice(k * n, (k + 1) * n);
    const side = inner(v, gradient) > 0 ? -radius : radius;
    return [v.map((entry) => side * entry), v.map((entry) => -side * entry)];
  });
  // From Cauchy's point on along each eigenvector: what a step in the hard case must not forget.
  const cauchy = cauchyPoint(model);
  const beyond = eigenvalues.map((_, k) => {
    const v = vectors.slice(k * n, (k + 1) * n);
    const along = inner(v, cauchy);
    const left = Math.max(0, radius ** 2 - inner(cauchy, cauchy) + along ** 2);
    return plus(cauchy, v, (along < 0 ? -1 : 1) * Math.sqrt(left) - along).map((x) => x * (1 - 2 ** -40));
  });
  return [cauchy, ...axes, ...beyond];
}
