import fc from 'fast-check';
import { points } from '../arbitraries/courses.js';
import { nonzeroDyadic } from '../arbitraries/dyadic.js';
import { gradientOf, quadratics } from '../arbitraries/quadratics.js';
import { flat, largest, vector } from '../subjects/point.js';
import { descent, ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { atMost, forward } from './tolerance.js';

export const distanceEstimate = law({
  id: '96',
  name: "Prodigy's estimate",
  statement:
    'With weights w_s = √β₂^{t−s}d_s², d_{t+1} = max(d_t, Σw_s⟨g_s, x₀ − x_s⟩/‖Σw_s g_s‖₁), which never falls, and the step is −γd_t·m/(√v + d_tε) with the means m, v of d_s g_s and its square.',
  tolerance: 'K',
  source: 'Mishchenko and Defazio 2023, algorithm 4, the recursions written out',
  kind: 'optimizer',
  sample: () =>
    fc.integer({ min: 1, max: 3 }).chain((n) =>
      fc.record({
        learningRate: fc.constantFrom(1, 0.5),
        beta1: fc.constantFrom(0, 0.5, 0.9),
        beta2: fc.constantFrom(0, 0.25, 0.9),
        epsilon: fc.constantFrom(0, 2 ** -10, 1),
        initial: fc.constantFrom(1, 2 ** -6, 2 ** -20),
        start: points([[n]], { zeros: false }),
        signs: fc.array(fc.constantFrom(1, -1), { minLength: n, maxLength: n }),
        sizes: fc.array(fc.array(nonzeroDyadic().map(Math.abs), { minLength: n, maxLength: n }), {
          minLength: 1,
          maxLength: 7,
        }),
      }),
    ),
  measure(subject, { start, signs, sizes, ...options }) {
    const { learningRate: gamma, beta1, beta2, epsilon, initial } = options;
    // Signs that stay: no sum cancels, and the start is left further and further behind.
    const seen = sizes.map((row) => row.map((size, i) => signs[i] * size));
    const course = { start, gradients: seen.map(vector) };
    const { updates, parameters } = ride(subject.create(options), course, subject.epsilon);
    const held = parameters.map(flat);
    const distances = [initial];
    return updates.flatMap((update, t) => {
      const d = distances[t];
      const found = [...flat(update)].map((u, i) => {
        let mean = 0;
        let square = 0;
        for (let s = 0; s <= t; s++) {
          mean += (1 - beta1) * beta1 ** (t - s) * distances[s] * seen[s][i];
          square += (1 - beta2) * beta2 ** (t - s) * (distances[s] * seen[s][i]) ** 2;
        }
        const expected = (-gamma * d * mean) / (Math.sqrt(square) + d * epsilon);
        // x₀ − x keeps the rounding of x, which is as large as x, and so does d.
        const kappa = 1 + largest(held[0]) / initial;
        const error = Math.abs(u - expected);
        return forward(`update ${t + 1}`, error, Math.abs(expected), t + 1, kappa, subject.epsilon);
      });
      let along = 0;
      const sums = held[0].map(() => 0);
      for (let s = 0; s <= t; s++) {
        const weight = Math.sqrt(beta2) ** (t - s) * distances[s] ** 2;
        held[0].forEach((x0, i) => {
          along += weight * seen[s][i] * (x0 - held[s][i]);
          sums[i] += weight * seen[s][i];
        });
      }
      const length = sums.reduce((total, entry) => total + Math.abs(entry), 0);
      distances.push(Math.max(d, along / length));
      return found;
    });
  },
});

export const distanceBound = law({
  id: '96b',
  name: "Prodigy's estimate stays below the distance",
  statement:
    'On a convex quadratic d ≤ max(d₀, ‖x₀ − x*‖∞), so that |Δ| ≤ γ·d·(1−β₁)/√(1−β₂)·√Σ(β₁²/β₂)ˢ with that d.',
  tolerance: 'I',
  source: 'Mishchenko and Defazio 2023, section 3: ⟨g, x₀ − x⟩ ≤ ⟨g, x₀ − x*⟩ by convexity; Cauchy–Schwarz',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      quadratic: quadratics({ sizes: { min: 1, max: 4 } }),
      learningRate: fc.constantFrom(1, 0.5),
      beta1: fc.constantFrom(0, 0.5),
      beta2: fc.constantFrom(0.5, 0.9),
      initial: fc.constantFrom(2 ** -4, 2 ** -10),
    }),
  measure(subject, { quadratic, ...options }) {
    const { learningRate: gamma, beta1, beta2, initial } = options;
    const steps = 24;
    const optimizer = subject.create({ ...options, epsilon: 2 ** -30 });
    const path = descent(
      optimizer,
      vector(quadratic.start),
      (x) => gradientOf(quadratic, x),
      steps,
      subject.epsilon,
    );
    const distance = largest(path[0].map((x, i) => x - quadratic.minimiser[i]));
    const share = (1 - beta1) / Math.sqrt(1 - beta2) / Math.sqrt(1 - beta1 ** 2 / beta2);
    const bound = gamma * Math.max(initial, distance) * share;
    const terms = bound + 2 * largest(path[0]) + largest(quadratic.minimiser);
    return path.slice(1).map((x, t) => {
      const moved = largest(x.map((entry, i) => entry - path[t][i]));
      return atMost(`|Δ| at step ${t + 1}`, moved, bound, steps, subject.epsilon, terms);
    });
  },
});

export const distanceLaws = [distanceEstimate, distanceBound];
