import fc from 'fast-check';
import { scale } from '../arbitraries/dyadic.js';
import { drawn } from '../arbitraries/options.js';
import { gradientOf, modes, type Quadratic, quadraticAt, quadratics } from '../arbitraries/quadratics.js';
import { traitsOf } from '../subjects/method-traits.js';
import { norm, vector } from '../subjects/point.js';
import type { OptimizerSubject } from '../subjects/subject.js';
import { descent, ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { sameUpdate } from './points.js';
import { atMost, backward, bitwise, type Deviation } from './tolerance.js';

/** A quadratic and ηL in {1/8, …, 7/4}: rates at which gradient descent converges, 1 included. */
export const quadraticAndRate = fc
  .tuple(quadratics(), fc.integer({ min: 1, max: 14 }))
  .map(([quadratic, eighths]) => ({ quadratic, rate: eighths / 8 / quadratic.smoothness }));

const memory = fc.constantFrom(0, 0.5, 0.75, 0.9);

/** The same for a subject whose rate stands fixed: whatever ηL then is, the recurrences hold. */
const ratedQuadratics = ({ fixed }: OptimizerSubject) =>
  typeof fixed?.learningRate === 'number'
    ? quadratics().map((quadratic) => ({ quadratic, rate: fixed.learningRate as number }))
    : quadraticAndRate;

export const eigenmodes = law({
  id: '1',
  name: 'gradient descent contracts each eigenmode',
  statement: 'On a quadratic with eigenvalues λ the errors obey e⁺ = (1 − ηλ)e in each eigenmode.',
  tolerance: 'R',
  source: 'Nesterov 2004, theorem 2.1.14 (proof)',
  kind: 'optimizer',
  sample: ratedQuadratics,
  measure(subject, { quadratic, rate }) {
    const optimizer = subject.create({ learningRate: rate });
    const path = descent(
      optimizer,
      vector(quadratic.start),
      (x) => gradientOf(quadratic, x),
      3,
      subject.epsilon,
    );
    return path
      .slice(1)
      .map((x, k) =>
        recurrence(
          quadratic,
          rate,
          subject.epsilon,
          path.slice(k, k + 2),
          x,
          (lambda, [e]) => (1 - rate * lambda) * e,
        ),
      );
  },
});

export const descends = law({
  id: '2',
  name: 'sufficient decrease',
  statement: 'With η = 1/L, f(x⁺) ≤ f(x) − ‖∇f(x)‖²/(2L).',
  tolerance: 'I',
  source: 'Nesterov 2004, equation 1.2.13',
  kind: 'optimizer',
  sample: () => quadratics(),
  measure(subject, quadratic) {
    const { smoothness, n } = quadratic;
    const optimizer = subject.create({ learningRate: 1 / smoothness });
    const path = descent(
      optimizer,
      vector(quadratic.start),
      (x) => gradientOf(quadratic, x),
      2,
      subject.epsilon,
    );
    return path.slice(1).map((after, k) => {
      const before = path[k];
      const decrease = norm(gradientOf(quadratic, before)) ** 2 / (2 * smoothness);
      const terms = magnitude(quadratic, before) + magnitude(quadratic, after) + decrease;
      const larger = quadraticAt(quadratic, before) - decrease;
      return atMost('f(x⁺)', quadraticAt(quadratic, after), larger, n, subject.epsilon, terms);
    });
  },
});

export const heavyBall = law({
  id: '4',
  name: 'heavy-ball recurrence',
  statement:
    'On a quadratic e⁺ = (1 + β − ηλ)e − βe₋ in each eigenmode; with β = 0 it is gradient descent, bitwise.',
  tolerance: 'R',
  source: 'Polyak 1964, equation 9',
  kind: 'optimizer',
  sample: (subject) => fc.tuple(ratedQuadratics(subject), drawn(subject, { beta: memory })),
  measure(subject, [{ quadratic, rate }, { beta }]) {
    const { epsilon } = subject;
    const gradient = (x: Float64Array) => gradientOf(quadratic, x);
    const start = vector(quadratic.start);
    const optimizer = subject.create({ learningRate: rate, beta });
    const path = descent(optimizer, start, gradient, 4, epsilon);
    const extended = [path[0], ...path]; // x₋₁ = x₀
    const found = path
      .slice(1)
      .map((x, k) =>
        recurrence(
          quadratic,
          rate,
          epsilon,
          extended.slice(k, k + 2),
          x,
          (lambda, [before, e]) => (1 + beta - rate * lambda) * e - beta * before,
        ),
      );
    const plain = subject.create({ learningRate: rate, beta: 0 });
    const g = gradient(path[0]);
    const round = epsilon > 2 ** -30 ? Math.fround : (value: number) => value;
    const first = ride(plain, { start, gradients: [vector(g)] }, epsilon);
    const expected = g.map((entry) => round(-round(rate) * round(entry)));
    found.push(sameUpdate(subject, 'update with β = 0', first, 0, vector(expected)));
    return found;
  },
});

export const accelerated = law({
  id: '5',
  name: 'Nesterov recurrence and rate',
  statement:
    'For constant β, e⁺ = (1 − ηλ)((1 + β)e − βe₋) in each eigenmode of the look-ahead points, from e₁ = (1 − (1 + β)ηλ)e₀; for β_k = (k−1)/(k+2) and η ≤ 1/L, f(x_k) − f* ≤ 2‖e₀‖²/(η(k+1)²).',
  tolerance: 'R',
  source: 'Nesterov 1983; Su, Boyd and Candès 2016, equation 3',
  kind: 'optimizer',
  sample: (subject) =>
    fc.tuple(ratedQuadratics(subject), drawn(subject, { beta: memory }), fc.integer({ min: 20, max: 40 })),
  measure(subject, [{ quadratic, rate }, { beta }, steps]) {
    const { epsilon } = subject;
    const gradient = (x: Float64Array) => gradientOf(quadratic, x);
    const start = vector(quadratic.start);
    const path = descent(subject.create({ learningRate: rate, beta }), start, gradient, 4, epsilon);
    const found = path.slice(1).map((y, k) =>
      recurrence(quadratic, rate, epsilon, path.slice(Math.max(0, k - 1), k + 1), y, (lambda, errors) => {
        if (k === 0) return (1 - (1 + beta) * rate * lambda) * errors[0];
        const [before, e] = errors;
        return (1 - rate * lambda) * ((1 + beta) * e - beta * before);
      }),
    );
    return subject.fixed === undefined ? [...found, ...acceleratedRate(quadratic, steps)] : found;

    function acceleratedRate(problem: Quadratic, count: number): Deviation[] {
      const eta = 1 / problem.smoothness;
      const optimizer = subject.create({ learningRate: eta, beta: 'sequence' });
      const aheads = descent(optimizer, start, gradient, count, epsilon);
      const distance = norm(aheads[0].map((x, i) => x - problem.minimiser[i]));
      return aheads.slice(1).map((_, i) => {
        const k = i + 1;
        const slope = gradient(aheads[i]);
        const x = aheads[i].map((y, j) => y - eta * slope[j]); // x_k, one gradient step from y_{k−1}
        const bound = (2 * distance ** 2) / (eta * (k + 1) ** 2);
        const terms = magnitude(problem, x) + magnitude(problem, aheads[i]) + bound;
        return atMost(`f(x_${k}) − f*`, quadraticAt(problem, x), bound, problem.n * k, epsilon, terms);
      });
    }
  },
});

export const lossScale = law({
  id: '8',
  name: 'scale of the loss',
  statement: 'f → 2ᵏf with η → 2⁻ᵏη gives the same iterates.',
  tolerance: 'B',
  source: 'linearity of the update in η∇f',
  kind: 'optimizer',
  sample: (subject) => fc.tuple(ratedQuadratics(subject), drawn(subject, { beta: memory }), scale(20)),
  measure(subject, [{ quadratic, rate }, { beta }, factor]) {
    const options = traitsOf(subject).memories?.includes('beta') ? { beta } : {};
    const gradient = (x: Float64Array) => gradientOf(quadratic, x);
    const start = vector(quadratic.start);
    const plain = subject.create({ ...options, learningRate: rate });
    const scaled = subject.create({ ...options, learningRate: rate / factor });
    const expected = descent(plain, start, gradient, 3, subject.epsilon);
    const got = descent(scaled, start, (x) => gradient(x).map((g) => g * factor), 3, subject.epsilon);
    return expected.map((x, k) => bitwise(`x_${k}`, got[k], x));
  },
});

export const firstOrderLaws = [eigenmodes, descends, heavyBall, accelerated, lossScale];

/** Whether the modes of x are what the recurrence makes of the errors of earlier iterates. */
export function recurrence(
  quadratic: Quadratic,
  rate: number,
  epsilon: number,
  earlier: readonly Float64Array[],
  x: Float64Array,
  next: (lambda: number, errors: readonly number[]) => number,
): Deviation {
  const errors = earlier.map((point) => modes(quadratic, point));
  const got = modes(quadratic, x);
  const residual = got.map(
    (e, k) =>
      e -
      next(
        quadratic.eigenvalues[k],
        errors.map((error) => error[k]),
      ),
  );
  const points = [x, ...earlier].reduce((total, point) => total + norm(point), norm(quadratic.minimiser));
  const norms = (2 + rate * quadratic.smoothness) * points;
  return backward('errors in the eigenmodes', norm(residual), norms, quadratic.n, epsilon);
}

/** The sum of the absolute values of all terms inside f(x), rounding of x included. */
function magnitude({ n, matrix, minimiser }: Quadratic, x: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [left, right] = [
        Math.abs(x[i]) + Math.abs(minimiser[i]),
        Math.abs(x[j]) + Math.abs(minimiser[j]),
      ];
      total += Math.abs(matrix[i * n + j]) * left * right;
    }
  }
  return total;
}
