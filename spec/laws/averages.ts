import fc from 'fast-check';
import { vectorCourses } from '../arbitraries/courses.js';
import { nonzeroVector } from '../arbitraries/dyadic.js';
import { gradientOf } from '../arbitraries/quadratics.js';
import { traitsOf } from '../subjects/method-traits.js';
import { flat, vector } from '../subjects/point.js';
import type { OptimizerSubject } from '../subjects/subject.js';
import { descent, ride } from '../subjects/trajectory.js';
import { constantCourse } from './adaptive.js';
import { quadraticAndRate, recurrence } from './first-order.js';
import { law } from './law.js';
import { backward } from './tolerance.js';

const rate = fc.integer({ min: 0, max: 8 }).map((k) => 2 ** -k);
const lookahead = fc.constantFrom(0, 0.5, 0.9, 1);

export const oneFamily = law({
  id: '86',
  name: 'averages are one family',
  statement:
    'Primal averaging with rate η/(1−β) is heavy ball for (μₓ, μ_y) = (β, 1) and Nesterov, in the look-ahead points, for (β, β): the recurrences of laws 4 and 5 hold.',
  tolerance: 'R',
  source: 'Defazio 2020, theorem 1',
  kind: 'optimizer',
  sample: () => fc.tuple(quadraticAndRate, fc.constantFrom(0, 0.5, 0.75, 0.9)),
  measure(subject, [{ quadratic, rate: eta }, beta]) {
    const { epsilon } = subject;
    const gradient = (x: Float64Array) => gradientOf(quadratic, x);
    const start = vector(quadratic.start);
    const walked = (ahead: number) => {
      const optimizer = subject.create({ rate: eta / (1 - beta), memory: beta, lookahead: ahead });
      return descent(optimizer, start, gradient, 4, epsilon);
    };
    const heavy = walked(1);
    const extended = [heavy[0], ...heavy]; // x₋₁ = x₀
    const heavyBall = heavy
      .slice(1)
      .map((x, k) =>
        recurrence(
          quadratic,
          eta,
          epsilon,
          extended.slice(k, k + 2),
          x,
          (lambda, [before, e]) => (1 + beta - eta * lambda) * e - beta * before,
        ),
      );
    const points = walked(beta);
    const nesterov = points.slice(1).map((y, k) =>
      recurrence(quadratic, eta, epsilon, points.slice(Math.max(0, k - 1), k + 1), y, (lambda, errors) => {
        if (k === 0) return (1 - (1 + beta) * eta * lambda) * errors[0];
        const [before, e] = errors;
        return (1 - eta * lambda) * ((1 + beta) * e - beta * before);
      }),
    );
    return [...heavyBall, ...nesterov];
  },
});

export const weightedMean = law({
  id: '86b',
  name: 'the average of Schedule-Free',
  statement:
    'y_t = (1−β)z_t + βx_t with z_t = x₀ − Σγ_s(u_s + λy_{s−1}) and x_t = Σw_s z_s/Σw_s, w_s the square of the largest rate up to s; u is the gradient, or, for AdamW, g/(√v̂ + ε).',
  tolerance: 'R',
  source: 'Defazio et al. 2024, equations 3–5 and algorithm 1, the recursions written out',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      rates: fc.array(rate, { minLength: 6, maxLength: 6 }),
      beta: lookahead,
      beta2: fc.constantFrom(0, 0.5, 0.9, 0.999),
      epsilon: fc.constantFrom(2 ** -10, 1),
      weightDecay: fc.constantFrom(0, 2 ** -6, 0.5),
      course: vectorCourses({ zeros: false, steps: { min: 1, max: 6 } }),
    }),
  measure(subject, { rates, beta, beta2, epsilon, weightDecay, course }) {
    const learningRate = { options: { schedule: 'listed', rates }, at: (count: number) => rates[count] };
    const shared = { learningRate, beta, weightDecay };
    const isAdaptive = traitsOf(subject).adaptive === true;
    const optimizer = subject.create(isAdaptive ? { ...shared, beta2, epsilon } : shared);
    const { parameters } = ride(optimizer, course, subject.epsilon);
    const held = parameters.map(flat);
    const seen = course.gradients.map(flat);
    return held.slice(1).flatMap((y, step) =>
      [...y].map((yi, i) => {
        const t = step + 1;
        let z = held[0][i];
        let sum = 0;
        let weights = 0;
        let size = Math.abs(z);
        for (let s = 0; s < t; s++) {
          let square = 0;
          for (let k = 0; k <= s; k++) square += (1 - beta2) * beta2 ** (s - k) * seen[k][i] ** 2;
          const root = Math.sqrt(square / (1 - beta2 ** (s + 1))) + epsilon;
          const direction = isAdaptive ? seen[s][i] / root : seen[s][i];
          z -= rates[s] * (direction + weightDecay * held[s][i]);
          const weight = Math.max(...rates.slice(0, s + 1)) ** 2;
          sum += weight * z;
          weights += weight;
          size += rates[s] * (Math.abs(direction) / (1 - (isAdaptive ? beta2 : 0)) + Math.abs(held[s][i]));
        }
        const residual = Math.abs(yi - ((1 - beta) * z + (beta * sum) / weights));
        return backward(`y after ${t} steps`, residual, size, t, subject.epsilon);
      }),
    );
  },
});

export const evenAverage = law({
  id: '86c',
  name: 'Schedule-Free under a constant gradient',
  statement:
    'With a constant rate the average of z_1 … z_t is even: y_t = x₀ − γu((1−β)t + β(t+1)/2), with u = g, or sign(g) for AdamW with ε = 0.',
  tolerance: 'R',
  source: 'the mean of 1 … t is (t+1)/2',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      learningRate: rate,
      beta: lookahead,
      gradient: fc.integer({ min: 1, max: 3 }).chain(nonzeroVector),
      steps: fc.integer({ min: 1, max: 12 }),
    }),
  measure(subject: OptimizerSubject, { gradient, steps, ...options }) {
    const isAdaptive = traitsOf(subject).adaptive === true;
    const optimizer = subject.create({ ...options, weightDecay: 0, ...(isAdaptive ? { epsilon: 0 } : {}) });
    const { parameters } = ride(optimizer, constantCourse(gradient, steps), subject.epsilon);
    const { learningRate, beta } = options;
    return parameters.slice(1).flatMap((point, step) =>
      [...flat(point)].map((y, i) => {
        const t = step + 1;
        const u = isAdaptive ? Math.sign(gradient[i]) : gradient[i];
        const expected = gradient[i] - learningRate * u * ((1 - beta) * t + (beta * (t + 1)) / 2);
        // The correction 1 − β₂ᵗ of AdamW's default β₂ = 0.999 loses three digits.
        const size = Math.abs(gradient[i]) + learningRate * t * (isAdaptive ? 1e3 : Math.abs(u));
        return backward(`y after ${t} steps`, Math.abs(y - expected), size, t, subject.epsilon);
      }),
    );
  },
});

export const averageLaws = [oneFamily, weightedMean, evenAverage];
