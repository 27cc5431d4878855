import { describe, expect, it } from 'vitest';
import { agendaOf, examine } from '../../examine.js';
import type { PlainOptimizer } from '../../subjects/foreign/plain.js';
import { subjectOfExport } from '../../subjects/foreign/subject-of-export.js';

/*
 * Optimizers as strangers write them, each with a mistake or a property of its own, and what a check says of them.
 */

type Vector = Float64Array;
type Moments = { m: Vector; v: Vector; t: number };

const still = (x: Vector) => new Float64Array(x.length);
const moments = (x: Vector): Moments => ({ m: still(x), v: still(x), t: 0 });
const map = (x: Vector, f: (xi: number, i: number) => number) => x.map(f);

/** Adam-like: the new moments, and the step made of them. */
function adamlike(parts: {
  m?: (m: number, g: number) => number;
  v?: (v: number, g: number) => number;
  step: (m: number, v: number, t: number, x: number) => number;
}): Pick<PlainOptimizer<Moments>, 'init' | 'step'> {
  const {
    m: mean = (m, g) => 0.9 * m + 0.1 * g,
    v: square = (v, g) => 0.999 * v + 0.001 * g * g,
    step,
  } = parts;
  return {
    init: moments,
    step(x, g, { m, v, t }) {
      const next = { m: map(m, (mi, i) => mean(mi, g[i])), v: map(v, (vi, i) => square(vi, g[i])), t: t + 1 };
      return { x: map(x, (xi, i) => xi - step(next.m[i], next.v[i], t + 1, xi)), state: next };
    },
  };
}

const adamRight = (m: number, v: number, t: number) =>
  (1e-3 * m) / (1 - 0.9 ** t) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);

/** L-BFGS on batches would be long; this keeps one pair, and of that the gradient that came before the last. */
const stalePair: PlainOptimizer<{ x?: Vector; g?: Vector; older?: Vector }> = {
  name: 'one secant pair, stale',
  init: () => ({}),
  step(x, g, { x: before, g: last, older }) {
    const y = older === undefined ? undefined : map(g, (gi, i) => gi - older[i]);
    const s = before === undefined ? undefined : map(x, (xi, i) => xi - before[i]);
    const sy = s && y ? s.reduce((total, si, i) => total + si * y[i], 0) : 0;
    const yy = y ? y.reduce((total, yi) => total + yi * yi, 0) : 0;
    const rate = sy > 0 && yy > 0 ? sy / yy : 0.01;
    return { x: map(x, (xi, i) => xi - rate * g[i]), state: { x: x.slice(), g: g.slice(), older: last } };
  },
};

interface Case {
  readonly optimizer: PlainOptimizer<never>;
  readonly claims?: string;
  readonly options?: object;
  readonly broken?: readonly string[];
  readonly no?: readonly string[];
  readonly like?: object;
}

const plain = (name: string, parts: object): PlainOptimizer<never> =>
  ({ name, ...parts }) as PlainOptimizer<never>;

const cases: readonly Case[] = [
  {
    optimizer: plain('momentum with the wrong sign', {
      init: still,
      step: (x: Vector, g: Vector, v: Vector) => {
        const next = map(v, (vi, i) => 0.9 * vi - g[i]);
        return { x: map(x, (xi, i) => xi - 0.01 * next[i]), state: next };
      },
    }),
    no: ['downhill', 'monotone', 'memoryless'],
    like: { method: 'momentum', turned: true, agrees: 'exactly' },
  },
  {
    optimizer: plain(
      'Adam without bias correction',
      adamlike({ step: (m, v) => (1e-3 * m) / (Math.sqrt(v) + 1e-8) }),
    ),
    claims: 'adam',
    broken: ['48', '50', 'A'],
  },
  {
    optimizer: plain('RMSProp with ε inside the root', {
      init: still,
      step: (x: Vector, g: Vector, v: Vector) => {
        const next = map(v, (vi, i) => 0.9 * vi + 0.1 * g[i] ** 2);
        return { x: map(x, (xi, i) => xi - (0.01 * g[i]) / Math.sqrt(next[i] + 1e-3)), state: next };
      },
    }),
    claims: 'rmsprop',
    options: { learningRate: 0.01, beta: 0.9, epsilon: 1e-3 },
    broken: ['A'],
    like: {
      method: 'rmsprop',
      agrees: 'exactly',
      options: expect.objectContaining({ epsilonPlace: 'inside' }),
    },
  },
  {
    optimizer: plain(
      'Adam right, ε inside by mistake',
      adamlike({
        step: (m, v, t) => (1e-3 * m) / (1 - 0.9 ** t) / Math.sqrt(v / (1 - 0.999 ** t) + 1e-8),
      }),
    ),
    claims: 'adam',
    broken: ['50', 'A'],
  },
  {
    optimizer: plain('a secant pair that is stale', stalePair),
    no: ['memoryless', 'elementwise', 'scaleFree'],
  },
  {
    optimizer: plain('a rate that falls as 1/t', {
      init: () => 0,
      step: (x: Vector, g: Vector, t: number) => ({
        x: map(x, (xi, i) => xi - (0.1 / (t + 1)) * g[i]),
        state: t + 1,
      }),
    }),
    no: ['memoryless', 'scaleFree'],
  },
  {
    optimizer: plain('decay on the gradient called AdamW', {
      init: moments,
      step: (x: Vector, g: Vector, { m, v, t }: Moments) => {
        const h = map(g, (gi, i) => gi + 0.01 * x[i]);
        const next = {
          m: map(m, (mi, i) => 0.9 * mi + 0.1 * h[i]),
          v: map(v, (vi, i) => 0.999 * vi + 0.001 * h[i] ** 2),
          t: t + 1,
        };
        return { x: map(x, (xi, i) => xi - adamRight(next.m[i], next.v[i], t + 1)), state: next };
      },
    }),
    claims: 'adamw',
    broken: ['52', 'A'],
  },
  {
    optimizer: plain('Lion with one memory for both', {
      init: still,
      step: (x: Vector, g: Vector, m: Vector) => ({
        x: map(x, (xi, i) => xi - 1e-4 * Math.sign(0.9 * m[i] + 0.1 * g[i])),
        state: map(m, (mi, i) => 0.9 * mi + 0.1 * g[i]),
      }),
    }),
    claims: 'lion',
    options: { learningRate: 1e-4, beta1: 0.9, beta2: 0.99, weightDecay: 0 },
    broken: ['93', 'A'],
    like: { method: 'lion', options: expect.objectContaining({ beta2: 0.9 }) },
  },
  {
    optimizer: plain('a clip that forgets the norm of the others', {
      step: (x: Vector, g: Vector) => map(x, (xi, i) => xi - 0.1 * Math.max(-1, Math.min(1, g[i]))),
    }),
    no: ['proportional', 'orthogonal', 'scaleFree', 'affine'],
  },
  {
    optimizer: plain('a gradient normalized without a guard', {
      step: (x: Vector, g: Vector) => {
        const norm = Math.hypot(...g);
        return map(x, (xi, i) => xi - (0.1 * g[i]) / norm);
      },
    }),
    broken: ['U2'],
  },
  {
    optimizer: plain('AdaGrad with a sum that is halved', {
      init: still,
      step: (x: Vector, g: Vector, s: Vector) => {
        const next = map(s, (si, i) => si / 2 + g[i] ** 2);
        return { x: map(x, (xi, i) => xi - (0.01 * g[i]) / (Math.sqrt(next[i]) + 1e-8)), state: next };
      },
    }),
    claims: 'adagrad',
    options: { learningRate: 0.01, initial: 0, epsilon: 1e-8 },
    broken: ['A'],
  },
  {
    optimizer: plain('Nesterov that is heavy ball', {
      init: still,
      step: (x: Vector, g: Vector, v: Vector) => {
        const next = map(v, (vi, i) => 0.9 * vi + g[i]);
        return { x: map(x, (xi, i) => xi - 0.01 * next[i]), state: next };
      },
    }),
    claims: 'nesterov',
    options: { learningRate: 0.01, beta: 0.9 },
    broken: ['5', 'A'],
    like: { method: 'momentum', options: {}, agrees: 'exactly' },
  },
];

describe('what a check says of strangers', () => {
  it.each(cases.map((one) => [one.optimizer.name, one] as const))('%s', async (_, one) => {
    const { optimizer, claims, options, broken = [], no = [], like } = one;
    const stated = { claims, options: options as Record<string, unknown> | undefined };
    const subject = await subjectOfExport(optimizer, 'stranger', stated);
    const findings = [...examine(subject, agendaOf(subject), { seed: 1, runs: 50, seconds: 60 })];
    const laws = findings.filter((one) => one.event === 'law');
    const ids = laws.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id);
    expect(ids).toEqual(broken);
    const traits = findings.filter((one) => one.event === 'trait' && one.verdict === 'broken');
    expect(traits.map((one) => 'id' in one && one.id)).toEqual(expect.arrayContaining([...no]));
    const [alike] = findings.flatMap((one) => (one.event === 'likeness' ? one.alike : []));
    if (like !== undefined) expect(alike).toMatchObject(like);
  });
});
