import { type Naive, option } from '../oracles/naive.js';
import { coordinatewise, type Mutant, naiveMutant, type Options } from './mutant.js';

const of = (options: Options, name: string, otherwise: number) => option(options, name, otherwise);

/** Lion with the blend, and the next mean, of the old mean and the gradient. */
function lionMutant(
  id: string,
  mistake: string,
  step: (at: { m: number; g: number; b1: number; b2: number }) => { blend: number; m: number },
  killedBy = '93',
): Mutant {
  return naiveMutant({ id, mistake, killedBy, method: 'lion' }, (options) =>
    coordinatewise(({ x, g, m: before }) => {
      const [b1, b2] = [of(options, 'beta1', 0.9), of(options, 'beta2', 0.99)];
      const { blend, m } = step({ m: before, g, b1, b2 });
      const decay = of(options, 'weightDecay', 0) * x;
      return { m, update: -of(options, 'learningRate', 0.0006) * (Math.sign(blend) + decay) };
    }),
  );
}

interface AdanParts {
  readonly change?: (g: number, last: number, t: number) => number;
  readonly weight?: (b2: number) => number;
  readonly squareWeight?: (b2: number) => number;
  readonly end?: (x: number, step: number, shrink: number) => number;
}

/** Adan with one part changed. */
function adanMutant(
  id: string,
  mistake: string,
  killedBy: string,
  { change, weight, squareWeight, end }: AdanParts,
  seen?: string,
): Mutant {
  const create = (options: Options): Naive => {
    const eta = of(options, 'learningRate', 0.003);
    const [b1, b2, b3] = [of(options, 'beta1', 0.98), of(options, 'beta2', 0.92), of(options, 'beta3', 0.99)];
    const epsilon = of(options, 'epsilon', 1e-8);
    const shrink = 1 + eta * of(options, 'weightDecay', 0);
    return {
      start: (x) => [x.map(() => 0), x.map(() => 0), x.map(() => 0), x.map(() => 0)],
      step(x, g, [m, v, n, last], t) {
        const differ = change ?? ((now, before, count) => (count === 1 ? 0 : now - before));
        const d = g.map((gi, i) => differ(gi, last[i], t));
        const mean = g.map((gi, i) => b1 * m[i] + (1 - b1) * gi);
        const moved = d.map((di, i) => b2 * v[i] + (1 - b2) * di);
        const inside = (squareWeight ?? weight ?? ((b) => b))(b2);
        const square = g.map((gi, i) => b3 * n[i] + (1 - b3) * (gi + inside * d[i]) ** 2);
        const update = x.map((xi, i) => {
          const ahead = mean[i] / (1 - b1 ** t) + ((weight ?? ((b) => b))(b2) * moved[i]) / (1 - b2 ** t);
          const step = (-eta * ahead) / (Math.sqrt(square[i] / (1 - b3 ** t)) + epsilon);
          return (end ?? ((at, by, over) => (at + by) / over))(xi, step, shrink) - xi;
        });
        return { update, rows: [mean, moved, square, g] };
      },
    };
  };
  return naiveMutant({ id, mistake, killedBy, method: 'adan', seen }, create);
}

interface AdoptParts {
  /** The square to divide by, of the old and the new one. */
  readonly divisor?: (old: number, now: number) => number;
  readonly first?: (g: number, b2: number) => number;
  readonly most?: (t: number) => number;
  readonly floor?: (root: number, epsilon: number) => number;
  /** Whether the first gradient is stepped by too. */
  readonly starts?: boolean;
}

/** ADOPT with one part changed; `t` counts the steps after the first. */
function adoptMutant(id: string, mistake: string, parts: AdoptParts, seen?: string): Mutant {
  const {
    divisor = (old) => old,
    first = (g) => g * g,
    most = (t) => t ** 0.25,
    floor = Math.max,
    starts = false,
  } = parts;
  return naiveMutant({ id, mistake, killedBy: '95', method: 'adopt', seen }, (options) =>
    coordinatewise(({ g, m: before, v: old, t }) => {
      const [b1, b2] = [of(options, 'beta1', 0.9), of(options, 'beta2', 0.9999)];
      const begins = t === 1;
      const v = begins ? first(g, b2) : b2 * old + (1 - b2) * g * g;
      if (begins && !starts) return { update: 0, m: 0, v };
      const root = Math.sqrt(begins ? v : divisor(old, v));
      const bound = most(begins ? 1 : t - 1);
      const scaled = Math.max(-bound, Math.min(bound, g / floor(root, of(options, 'epsilon', 1e-6))));
      const m = b1 * before + (1 - b1) * scaled;
      return { m, v, update: -of(options, 'learningRate', 0.003) * m };
    }),
  );
}

export const memoryMutants: readonly Mutant[] = [
  lionMutant('lion-one-memory', 'The blend and the mean share β₂.', ({ m, g, b2 }) => {
    const mean = b2 * m + (1 - b2) * g;
    return { blend: mean, m: mean };
  }),
  lionMutant('lion-betas-swapped', 'β₁ and β₂ change places.', ({ m, g, b1, b2 }) => ({
    blend: b2 * m + (1 - b2) * g,
    m: b1 * m + (1 - b1) * g,
  })),
  lionMutant('lion-new-mean', 'The blend is made with the mean that has the gradient already.', (at) => {
    const m = at.b2 * at.m + (1 - at.b2) * at.g;
    return { blend: at.b1 * m + (1 - at.b1) * at.g, m };
  }),
  lionMutant('lion-unnormalised', 'The mean adds the whole gradient.', ({ m, g, b1, b2 }) => ({
    blend: b1 * m + (1 - b1) * g,
    m: b2 * m + g,
  })),
  adanMutant(
    'adan-difference-weight',
    'The difference weighs 1 − β₂ in step and square: the first step is right, the loss falls.',
    '94',
    { weight: (b2) => 1 - b2 },
    'optax',
  ),
  adanMutant('adan-square-without-difference', 'The square is that of the gradient alone.', '94', {
    squareWeight: () => 0,
  }),
  adanMutant('adan-first-difference', 'The first difference is taken from 0.', '94', {
    change: (g, last) => g - last,
  }),
  adanMutant('adan-difference-reversed', 'The difference is g₋ − g.', '94', {
    change: (g, last, t) => (t === 1 ? 0 : last - g),
  }),
  adanMutant('adan-decay-decoupled', 'The decay is subtracted, not divided by.', '52c', {
    end: (x, step, shrink) => x * (2 - shrink) + step,
  }),
  adanMutant('adan-decay-misses-the-step', 'Only the old parameters are divided by 1 + ηλ.', '52c', {
    end: (x, step, shrink) => x / shrink + step,
  }),
  adoptMutant(
    'adopt-new-square',
    'The gradient is divided by a root that has it already: Adam in another order.',
    { divisor: (_, now) => now },
    'pytorch_optimizer',
  ),
  adoptMutant('adopt-first-step-taken', 'The first gradient is stepped by, divided by itself.', {
    starts: true,
  }),
  adoptMutant('adopt-first-square-weighed', 'The first square is weighed by 1 − β₂, as in Adam.', {
    first: (g, b2) => (1 - b2) * g * g,
  }),
  adoptMutant('adopt-unclipped', 'Nothing is clipped.', { most: () => Number.POSITIVE_INFINITY }),
  adoptMutant('adopt-clip-counts-the-first', 'The bound counts the first gradient: (t + 1)^¼.', {
    most: (t) => (t + 1) ** 0.25,
  }),
  adoptMutant('adopt-epsilon-added', 'ε is added to the root; it is the least divisor.', {
    floor: (root, epsilon) => root + epsilon,
  }),
];
