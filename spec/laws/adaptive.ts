import fc from 'fast-check';
import { vectorCourses } from '../arbitraries/courses.js';
import { nonzeroVector, scale } from '../arbitraries/dyadic.js';
import { drawn } from '../arbitraries/options.js';
import { traitsOf } from '../subjects/method-traits.js';
import { flat, mapPoint, vector } from '../subjects/point.js';
import { type Course, type Ride, ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { sameUpdate, slack } from './points.js';
import { atMost, bounded, type Deviation, valued } from './tolerance.js';

const rate = fc.integer({ min: 0, max: 8 }).map((k) => 2 ** -k);
const memory = fc.constantFrom(0, 0.5, 0.9, 0.99);
const longMemory = fc.constantFrom(0.5, 0.9, 0.99, 0.999);
const nonzeroCourse = vectorCourses({ zeros: false, steps: { min: 1, max: 6 } });

export const signStep = law({
  id: '47',
  name: 'without memory the step is the sign',
  statement:
    'With ε = 0 and every memory β = 0 each step is −η·sign(g) within 4ε; whatever β the first is, where the means are corrected for their bias.',
  tolerance: 'K',
  needs: ['scaleFree', 'memories'],
  source: 'Kingma and Ba 2015, section 2.1',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, { learningRate: rate, beta1: memory, beta2: longMemory, course: nonzeroCourse }),
  measure(subject, { learningRate, beta1, beta2, course }) {
    const { epsilon } = subject;
    const { memories = [], scaleFree, correctsBias } = traitsOf(subject);
    const known = (betas: readonly number[]) => ({
      learningRate,
      ...scaleFree,
      ...Object.fromEntries(memories.map((name, i) => [name, betas[i]])),
    });
    const found = compare('update without memory', ride(subject.create(known([0, 0])), course, epsilon));
    if (!correctsBias) return found;
    const first = ride(subject.create(known([beta1, beta2])), course, epsilon);
    return [...found, ...compare('first update', { ...first, updates: first.updates.slice(0, 1) })];

    function compare(what: string, path: Ride): Deviation[] {
      return path.updates.flatMap((update, step) => {
        const g = flat(course.gradients[step]);
        return [...flat(update)].map((u, i) => {
          const expected = -learningRate * Math.sign(g[i]);
          const allowed = 4 * epsilon * learningRate + slack(subject, path, step, i);
          return valued(bounded(`${what}, entry ${i}`, Math.abs(u - expected), allowed), expected, u);
        });
      });
    }
  },
});

export const beliefStep = law({
  id: '47b',
  name: "AdaBelief's first step",
  statement:
    'With ε = 0 the first step is −η·sign(g)/β₁: the surprise g − m is taken with the new mean m = (1−β₁)g.',
  tolerance: 'K',
  source: 'Zhuang et al. 2020, algorithm 2, at t = 1; the difference costs a factor 1/β₁ in accuracy',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, {
      learningRate: rate,
      beta1: fc.constantFrom(0.5, 0.9, 0.99),
      beta2: longMemory,
      course: nonzeroCourse,
    }),
  measure(subject, { course, ...options }) {
    const path = ride(subject.create({ ...options, epsilon: 0 }), course, subject.epsilon);
    const { learningRate, beta1 } = options;
    return [...flat(path.updates[0])].map((u, i) => {
      const expected = (-learningRate * Math.sign(flat(course.gradients[0])[i])) / beta1;
      const allowed = (8 * subject.epsilon * learningRate) / beta1 ** 2 + slack(subject, path, 0, i);
      return valued(bounded('first update', Math.abs(u - expected), allowed), expected, u);
    });
  },
});

export const adamBound = law({
  id: '48',
  name: "Adam's longest step",
  statement: 'Whatever ε, |Δ| ≤ η·(1−β₁)/(1−β₁ᵗ)·√[(1−β₂ᵗ)/(1−β₂)·Σ_{s<t} qˢ] with q = β₁²/β₂.',
  tolerance: 'I',
  source: 'Cauchy–Schwarz on the two running means; Kingma and Ba 2015, section 2.1, is not universal',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, {
      learningRate: rate,
      beta1: memory,
      beta2: longMemory,
      epsilon: fc.constant(0),
      course: nonzeroCourse,
    }),
  measure(subject, { course, ...betas }) {
    const { learningRate, beta1, beta2 } = betas;
    const path = ride(subject.create(betas), course, subject.epsilon);
    const q = beta1 ** 2 / beta2;
    let geometric = 0;
    return path.updates.flatMap((update, step) => {
      const t = step + 1;
      geometric += q ** step;
      const mean = (1 - beta1) / (1 - beta1 ** t);
      const bound = learningRate * mean * Math.sqrt(((1 - beta2 ** t) / (1 - beta2)) * geometric);
      // The corrections 1 − βᵗ lose digits where β is near 1.
      const terms = bound * (1 / (1 - beta1) + 1 / (1 - beta2));
      return [...flat(update)].map((u, i) => {
        const most = bound + slack(subject, path, step, i);
        return atMost(`|Δ| at t = ${t}`, Math.abs(u), most, t, subject.epsilon, terms);
      });
    });
  },
});

export const gradientScale = law({
  id: '49',
  name: 'scale of the gradients',
  statement:
    'With ε = 0 and no zero gradients, g → 2ᵏg leaves the updates as they are; with exponent 1 of the mean square it makes them 2⁻ᵏ times as long.',
  tolerance: 'B',
  source: 'Kingma and Ba 2015, section 2.1; exact because √(4ᵏv) = 2ᵏ√v in floating point',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, {
      learningRate: rate,
      exponent: fc.constantFrom(0.5, 1),
      course: nonzeroCourse,
      factor: scale(20),
    }),
  measure(subject, { learningRate, exponent, course, factor }) {
    const { scaleFree, exponent: option } = traitsOf(subject);
    const withExponent = exponent === 1 && option !== undefined;
    const options = { learningRate, ...scaleFree, ...(withExponent ? { [option]: 1 } : {}) };
    const scaled = { ...course, gradients: course.gradients.map((g) => mapPoint(g, (x) => x * factor)) };
    const plain = ride(subject.create(options), course, subject.epsilon).updates;
    const got = ride(subject.create(options), scaled, subject.epsilon);
    const expected = withExponent ? plain.map((u) => mapPoint(u, (x) => x / factor)) : plain;
    return expected.map((u, step) => sameUpdate(subject, `update ${step + 1} for ${factor}·g`, got, step, u));
  },
});

export const constantGradient = law({
  id: '50',
  name: 'bias correction',
  statement:
    'Under a constant gradient m̂ = g and v̂ = g², so every step is −η·g/(|g|²ᵖ + ε), within 4ε/(1 − β) for each mean; with ε inside −η·g/(g² + ε)ᵖ, and before the correction ε is 1/(1 − β₂ᵗ)ᵖ, or 1/(1 − β₂ᵗ), times as large.',
  tolerance: 'K',
  source: 'Kingma and Ba 2015, section 3',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, {
      learningRate: rate,
      beta1: memory,
      beta2: longMemory,
      epsilon: fc.constantFrom(0, 1e-8, 1),
      exponent: fc.constantFrom(0.5, 1),
      epsilonPlace: fc.constantFrom('beside', 'inside', 'besideUncorrected', 'insideUncorrected'),
      gradient: fc.integer({ min: 1, max: 3 }).chain(nonzeroVector),
      steps: fc.integer({ min: 1, max: 12 }),
    }),
  measure(subject, { gradient, steps, ...options }) {
    const { learningRate, beta1, beta2, epsilon, exponent, epsilonPlace } = options;
    const course = constantCourse(gradient, steps);
    const path = ride(subject.create(options), course, subject.epsilon);
    const relative = 4 * subject.epsilon * (1 / (1 - beta1) + 1 / (1 - beta2));
    return path.updates.flatMap((update, step) =>
      [...flat(update)].map((u, i) => {
        const g = gradient[i];
        const early = epsilonPlace.endsWith('Uncorrected');
        const inside = epsilonPlace.startsWith('inside');
        const own = early ? epsilon / (1 - beta2 ** (step + 1)) ** (inside ? 1 : exponent) : epsilon;
        const divisor = inside ? (g * g + own) ** exponent : Math.abs(g) ** (2 * exponent) + own;
        const expected = (-learningRate * g) / divisor;
        const allowed = relative * Math.abs(expected) + slack(subject, path, step, i);
        const what = `update ${step + 1} under the constant gradient ${g}`;
        return valued(bounded(what, Math.abs(u - expected), allowed), expected, u);
      }),
    );
  },
});

export const adaptiveBounds = law({
  id: '51',
  name: 'longest steps by a divisor of squares',
  statement:
    'Divided by the root of a running mean of squares (RMSProp) |Δ| ≤ η/√(1−β); of their sum (Adagrad) |Δ| ≤ η and Σ_t g_t²/√S_t ≤ 2√S_T.',
  tolerance: 'I',
  needs: ['divisor'],
  source: 'v ≥ (1−β)g²; Duchi, Hazan and Singer 2011, lemma 4',
  kind: 'optimizer',
  sample: (subject) =>
    drawn(subject, {
      learningRate: rate,
      beta: memory,
      epsilon: fc.constant(0),
      initial: fc.constant(0),
      course: nonzeroCourse,
    }),
  measure(subject, { learningRate, beta, initial, course, ...rest }) {
    const { epsilon } = subject;
    const isSum = traitsOf(subject).divisor === 'sum';
    const own = isSum ? { initial } : { beta };
    const path = ride(subject.create({ learningRate, epsilon: rest.epsilon, ...own }), course, epsilon);
    const { updates } = path;
    const bound = isSum ? learningRate : learningRate / Math.sqrt(1 - beta);
    const found = updates.flatMap((update, step) =>
      [...flat(update)].map((u, i) => {
        const most = bound + slack(subject, path, step, i);
        return atMost(`|Δ| at t = ${step + 1}`, Math.abs(u), most, step + 1, epsilon, bound);
      }),
    );
    if (!isSum) return found;
    course.start[0].data.forEach((_, i) => {
      let total = 0;
      let squares = 0;
      let rounding = 0;
      updates.forEach((update, step) => {
        const g = course.gradients[step][0].data[i];
        total += Math.abs(g * update[0].data[i]) / learningRate;
        squares += g * g;
        rounding += (Math.abs(g) * slack(subject, path, step, i)) / learningRate;
      });
      const larger = 2 * Math.sqrt(squares) + rounding;
      found.push(atMost('Σ g²/√S', total, larger, updates.length, epsilon, total + larger));
    });
    return found;
  },
});

export const adaptiveLaws = [
  signStep,
  beliefStep,
  adamBound,
  gradientScale,
  constantGradient,
  adaptiveBounds,
];

/** The same gradient at every step, from a start that equals it. */
export function constantCourse(gradient: readonly number[], steps: number): Course {
  return { start: vector(gradient), gradients: Array.from({ length: steps }, () => vector(gradient)) };
}
