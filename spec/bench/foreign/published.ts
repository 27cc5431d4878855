import fc from 'fast-check';
import { courses } from '../../arbitraries/courses.js';
import { definiteQuadratics, quadraticOf } from '../../arbitraries/minimizations.js';
import { optionsOf } from '../../arbitraries/options.js';
import { type Law, law } from '../../laws/law.js';
import { bitwise, bounded } from '../../laws/tolerance.js';
import { inner, plus, times } from '../../oracles/dense/matrices.js';
import { limitedInverse, scalingOf } from '../../oracles/dense/updates.js';
import * as oracles from '../../oracles/index.js';
import { type Naive, naiveOptimizer } from '../../oracles/naive.js';
import { flat } from '../../subjects/point.js';
import type { OptimizerSubject } from '../../subjects/subject.js';
import { ride } from '../../subjects/trajectory.js';

type Options = Readonly<Record<string, unknown>>;

/** A method that treats every coordinate by itself: what it keeps of one, and its step at count t. */
interface Recurrence {
  readonly source: string;
  readonly options: Readonly<Record<string, fc.Arbitrary<unknown>>>;
  readonly kept: number;
  step(
    g: number,
    kept: readonly number[],
    t: number,
    o: Record<string, number>,
  ): { update: number; kept: readonly number[] };
}

const rate = fc.constantFrom(1, 0.5, 0.125);
const memory = fc.constantFrom(0.5, 0.9);
const longMemory = fc.constantFrom(0.5, 0.9, 0.999);
const epsilon = fc.constantFrom(2 ** -10, 1);
const moments = { learningRate: rate, beta1: memory, beta2: longMemory, epsilon };
const mean = (beta: number, before: number, now: number) => beta * before + (1 - beta) * now;

/** Methods as published, for those that none of ours is. */
export const recurrences: Readonly<Record<string, Recurrence>> = {
  adadelta: {
    source: 'Zeiler 2012, algorithm 1',
    options: { learningRate: rate, rho: memory, epsilon },
    kept: 2,
    step(g, [squares, steps], _, { learningRate, rho, epsilon }) {
      const v = mean(rho, squares, g * g);
      const step = (-Math.sqrt(steps + epsilon) / Math.sqrt(v + epsilon)) * g;
      return { update: learningRate * step, kept: [v, mean(rho, steps, step * step)] };
    },
  },
  adamax: {
    source: 'Kingma and Ba 2015, algorithm 2',
    options: { ...moments, epsilon: fc.constant(0) },
    kept: 2,
    step(g, [before, largest], t, { learningRate, beta1, beta2 }) {
      const m = mean(beta1, before, g);
      const u = Math.max(beta2 * largest, Math.abs(g));
      return { update: (-learningRate * m) / (1 - beta1 ** t) / u, kept: [m, u] };
    },
  },
  nadam: {
    source: 'Dozat 2016, with a constant momentum',
    options: moments,
    kept: 2,
    step(g, [before, squares], t, { learningRate, beta1, beta2, epsilon }) {
      const [m, v] = [mean(beta1, before, g), mean(beta2, squares, g * g)];
      const ahead = (beta1 * m) / (1 - beta1 ** (t + 1)) + ((1 - beta1) * g) / (1 - beta1 ** t);
      return { update: (-learningRate * ahead) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon), kept: [m, v] };
    },
  },
  radam: {
    source: 'Liu et al. 2020, algorithm 2, rectified from ρ > 5 on',
    options: { ...moments, epsilon: fc.constant(0) },
    kept: 2,
    step(g, [before, squares], t, { learningRate, beta1, beta2, epsilon }) {
      const [m, v] = [mean(beta1, before, g), mean(beta2, squares, g * g)];
      const most = 2 / (1 - beta2) - 1;
      const rho = most - (2 * t * beta2 ** t) / (1 - beta2 ** t);
      const step = m / (1 - beta1 ** t);
      if (!(rho > 5)) return { update: -learningRate * step, kept: [m, v] };
      const r = Math.sqrt(((rho - 4) * (rho - 2) * most) / ((most - 4) * (most - 2) * rho));
      return {
        update: (-learningRate * r * step) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon),
        kept: [m, v],
      };
    },
  },
  rmspropCentered: {
    source: 'Graves 2013, equations 38–40, ε inside the root',
    options: { learningRate: rate, beta: memory, epsilon },
    kept: 2,
    step(g, [squares, means], _, { learningRate, beta, epsilon }) {
      const [v, m] = [mean(beta, squares, g * g), mean(beta, means, g)];
      return { update: (-learningRate * g) / Math.sqrt(v - m * m + epsilon), kept: [v, m] };
    },
  },
};

function asNaive({ kept, step }: Recurrence, options: Options): Naive {
  return {
    start: (x) => Array.from({ length: kept }, () => x.map(() => 0)),
    step(x, g, rows, t) {
      const made = x.map((_, i) =>
        step(
          g[i],
          rows.map((row) => row[i]),
          t,
          options as Record<string, number>,
        ),
      );
      return {
        update: made.map(({ update }) => update),
        rows: rows.map((_, k) => made.map((one) => one.kept[k])),
      };
    },
  };
}

/** The steps of a method beside those of the paper that it names. */
export const published: Law = law({
  id: 'F1',
  name: 'as published',
  statement: 'The updates are those of the algorithm as it was published.',
  tolerance: 'R',
  source: 'the paper of each method',
  kind: 'optimizer',
  sample: ({ method, fixed }) =>
    fc.record({
      options: fixed === undefined ? fc.record(recurrences[method].options) : fc.constant(fixed),
      course: courses({
        steps: { min: 1, max: 7 },
        zeros: false,
        shapes: (draw) => draw.from([[[1]], [[2]], [[], [2, 1]]]),
      }),
    }),
  measure: (subject, { options, course }) => {
    const naive = naiveOptimizer(asNaive(recurrences[subject.method], options as Options), false);
    return beside(subject, options as Options, course, ride(naive, course, 2 ** -52).updates.map(flat));
  },
});

function beside(
  { create, epsilon }: OptimizerSubject,
  options: Options,
  course: Parameters<typeof ride>[1],
  expected: readonly Float64Array[],
) {
  const got = ride(create(options), course, epsilon);
  return got.updates.map((update, k) => {
    const scale = Math.max(
      ...flat(course.start).map(Math.abs),
      ...expected.flatMap((row) => [...row].map(Math.abs)),
      1,
    );
    const error = flat(update).reduce((most, entry, i) => worse(most, Math.abs(entry - expected[k][i])), 0);
    return bounded(
      `update ${k + 1} (${flat(update)}, as published ${expected[k]})`,
      error,
      2_000 * epsilon * scale,
    );
  });
}

const worse = (most: number, error: number) => (error <= most ? most : error);

/** The steps of a method beside those of our naive form of it. */
export const agreement: Law = law({
  id: 'F3',
  name: 'as the naive form',
  statement: 'The updates are those of the method written naively, under the same options.',
  tolerance: 'R',
  source: 'spec/oracles',
  kind: 'optimizer',
  sample: (subject) =>
    fc.record({
      options: optionsOf(subject),
      course: courses({
        steps: { min: 1, max: 6 },
        zeros: false,
        shapes: (draw) => draw.from([[[1]], [[2]], [[3], [2, 1]]]),
      }),
    }),
  measure: (subject, { options, course }) => {
    const naive = naiveOf(subject.method)!.create(options);
    return beside(subject, options, course, ride(naive, course, 2 ** -52).updates.map(flat));
  },
});

/** Our naive form of a method, where there is one. */
export function naiveOf(method: string): OptimizerSubject | undefined {
  return Object.values(oracles).find(
    (oracle): oracle is OptimizerSubject =>
      typeof oracle === 'object' && oracle.kind === 'optimizer' && oracle.method === method,
  );
}

/** Limited-memory BFGS by its iterates alone, whatever the lengths of its steps. */
export const alongInverse: Law = law({
  id: 'F4',
  name: 'steps along −Hg',
  statement:
    'Each step of L-BFGS is a positive multiple of −Hg, H the matrix of all pairs so far and g the gradient where it begins.',
  tolerance: 'K',
  source: 'Nocedal 1980',
  kind: 'solver',
  sample: () => definiteQuadratics(1),
  measure: ({ trace, epsilon }, { n, matrix, g }) => {
    const problem = quadraticOf(matrix, g);
    const { points } = trace(problem, new Float64Array(n), 3, {});
    const gradients = points.map((x) => problem.gradient!(x));
    const steps = points.slice(1).map((x, k) => plus(x, points[k], -1));
    return steps.flatMap((s, k) => {
      if (!(inner(gradients[k], gradients[k]) > 0)) return [];
      const pairs = steps
        .slice(0, k)
        .map((before, i) => ({ s: before, y: plus(gradients[i + 1], gradients[i], -1) }));
      const gamma = k === 0 ? 1 : scalingOf(pairs[k - 1]);
      const p = times(limitedInverse(n, pairs, 5, gamma), gradients[k]);
      const cosine = -inner(s, p) / Math.sqrt(inner(s, s) * inner(p, p));
      return [
        bounded(
          `cosine of step ${k + 1} and −Hg less 1 (it is ${cosine.toPrecision(6)})`,
          1 - cosine,
          1e10 * epsilon,
        ),
      ];
    });
  },
});

/** From a fresh start a gradient of 0 moves nothing, and later ones are answered with numbers. */
export const stillness: Law = law({
  id: 'F2',
  name: 'a gradient of 0 moves nothing',
  statement: 'Without decay and without a past, x stays where its gradient is 0; and what follows is finite.',
  tolerance: 'B',
  source: 'stationary points are where a method rests',
  kind: 'optimizer',
  sample: ({ method, fixed }) =>
    fc.record({
      options: fixed === undefined ? fc.record(recurrences[method]?.options ?? moments) : fc.constant(fixed),
      course: courses({ shapes: (draw) => draw.from([[[1]], [[2]], [[2, 2]]]) }),
      zeros: fc.integer({ min: 1, max: 3 }),
    }),
  measure: ({ create, epsilon }, { options, course, zeros }) => {
    const none = course.start.map(({ shape, data }) => ({ shape, data: new Float64Array(data.length) }));
    const gradients = [
      ...Array.from({ length: zeros }, () => none),
      ...course.gradients,
    ] as typeof course.gradients;
    const { updates } = ride(create(options as object), { ...course, gradients }, epsilon);
    return [
      ...updates.slice(0, zeros).map((update, k) =>
        bitwise(
          `update ${k + 1} under gradients 0`,
          flat(update),
          flat(update).map(() => 0),
        ),
      ),
      bitwise(
        'updates that are finite',
        Number(updates.every((update) => flat(update).every(Number.isFinite))),
        1,
      ),
    ];
  },
});
