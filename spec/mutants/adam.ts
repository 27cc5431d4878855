import { naiveAdam } from '../oracles/adam.js';
import { option } from '../oracles/naive.js';
import { coordinatewise, type Mutant, naiveMutant, type Options } from './mutant.js';

interface Settings {
  eta: number;
  b1: number;
  b2: number;
  epsilon: number;
  exponent: number;
  decay: number;
}

function settings(options: Options): Settings {
  return {
    eta: option(options, 'learningRate', 0.001),
    b1: option(options, 'beta1', 0.9),
    b2: option(options, 'beta2', 0.999),
    epsilon: option(options, 'epsilon', 1e-8),
    exponent: option(options, 'exponent', 0.5),
    decay: option(options, 'weightDecay', 0.01),
  };
}

/** Adam with one line changed: the new means, and the update made of them. */
function adamMutant(
  id: string,
  mistake: string,
  killedBy: string,
  change: {
    means?: (s: Settings, m: number, v: number, g: number, t: number) => { m: number; v: number };
    update?: (s: Settings, m: number, v: number, t: number, x: number, g: number) => number;
  },
  { method = 'adam', seen }: { method?: string; seen?: string } = {},
): Mutant {
  const {
    means = (s, m, v, g) => ({ m: s.b1 * m + (1 - s.b1) * g, v: s.b2 * v + (1 - s.b2) * g * g }),
    update = (s, m, v, t) => (-s.eta * m) / (1 - s.b1 ** t) / (root(s, v / (1 - s.b2 ** t)) + s.epsilon),
  } = change;
  return naiveMutant({ id, mistake, killedBy, method, seen }, (options) => {
    const s = settings(options);
    return coordinatewise(({ x, g, m: before, v: squares, t }) => {
      const { m, v } = means(s, before, squares, g, t);
      return { m, v, update: update(s, m, v, t, x, g) };
    });
  });
}

function root({ exponent }: Settings, v: number): number {
  return exponent === 0.5 ? Math.sqrt(v) : v ** exponent;
}

export const adamMutants: readonly Mutant[] = [
  adamMutant('adam-epsilon-inside', 'ε stands inside the root: √(v̂ + ε).', '50', {
    update: (s, m, v, t) => (-s.eta * m) / (1 - s.b1 ** t) / root(s, v / (1 - s.b2 ** t) + s.epsilon),
  }),
  adamMutant('adam-epsilon-dropped', 'ε is left out.', '50', {
    update: (s, m, v, t) => (-s.eta * m) / (1 - s.b1 ** t) / root(s, v / (1 - s.b2 ** t)),
  }),
  adamMutant('adam-hidden-epsilon', 'A constant 1e-8 is added although ε = 0 was asked for.', '49', {
    update: (s, m, v, t) =>
      (-s.eta * m) / (1 - s.b1 ** t) / (root(s, v / (1 - s.b2 ** t)) + s.epsilon + 1e-8),
  }),
  adamMutant('adam-no-correction', 'The means are not corrected for bias.', '50', {
    update: (s, m, v) => (-s.eta * m) / (root(s, v) + s.epsilon),
  }),
  adamMutant('adam-correction-multiplied', 'The bias correction is multiplied, not divided.', '50', {
    update: (s, m, v, t) => (-s.eta * m * (1 - s.b1 ** t)) / (root(s, v * (1 - s.b2 ** t)) + s.epsilon),
  }),
  adamMutant(
    'adam-square-uncorrected',
    'Only the mean is corrected, so that first steps are 1/√(1−β₂) too long.',
    '48',
    {
      update: (s, m, v, t) => (-s.eta * m) / (1 - s.b1 ** t) / (root(s, v) + s.epsilon),
    },
  ),
  adamMutant(
    'adam-correction-accumulates',
    'The bias-corrected means are written back over the running ones.',
    '50',
    {
      means: (s, m, v, g, t) => ({
        m: (s.b1 * m + (1 - s.b1) * g) / (1 - s.b1 ** t),
        v: (s.b2 * v + (1 - s.b2) * g * g) / (1 - s.b2 ** t),
      }),
      update: (s, m, v) => (-s.eta * m) / (root(s, v) + s.epsilon),
    },
    { seen: 'teaching material' },
  ),
  adamMutant('adam-t-off-by-one', 'The correction counts one step too many.', '50', {
    update: (s, m, v, t) =>
      (-s.eta * m) / (1 - s.b1 ** (t + 1)) / (root(s, v / (1 - s.b2 ** (t + 1))) + s.epsilon),
  }),
  adamMutant(
    'adam-mean-ahead',
    'The mean alone is corrected for a step more, as NAdam corrects the momentum ahead of it.',
    '50',
    {
      update: (s, m, v, t) =>
        (-s.eta * m) / (1 - s.b1 ** (t + 1)) / (root(s, v / (1 - s.b2 ** t)) + s.epsilon),
    },
    { seen: 'NAdam: the last correction of Nesterov’s momentum is that of t + 1' },
  ),
  adamMutant(
    'adam-largest-square',
    'The largest mean of squares so far stands for the mean of squares, which is AMSGrad and no Adam.',
    'A',
    {
      means: (s, m, v, g) => ({
        m: s.b1 * m + (1 - s.b1) * g,
        v: Math.max(v, s.b2 * v + (1 - s.b2) * g * g),
      }),
    },
  ),
  adamMutant(
    'adam-largest-uncorrected',
    'AMSGrad’s largest mean of squares is taken before its bias is corrected, and never corrected.',
    '50',
    {
      means: (s, m, v, g) => ({
        m: s.b1 * m + (1 - s.b1) * g,
        v: Math.max(v, s.b2 * v + (1 - s.b2) * g * g),
      }),
      update: (s, m, v, t) => (-s.eta * m) / (1 - s.b1 ** t) / (root(s, v) + s.epsilon),
    },
    { seen: 'AMSGrad as published, and other programs that leave it so (optax issue 1389)' },
  ),
  adamMutant('adam-square-of-mean', 'The second mean squares the first mean, not the gradient.', '50', {
    means: (s, m, v, g) => {
      const mean = s.b1 * m + (1 - s.b1) * g;
      return { m: mean, v: s.b2 * v + (1 - s.b2) * mean * mean };
    },
  }),
  adamMutant('adam-betas-swapped', 'β₁ and β₂ change places.', '50', {
    means: (s, m, v, g) => ({ m: s.b2 * m + (1 - s.b2) * g, v: s.b1 * v + (1 - s.b1) * g * g }),
  }),
  adamMutant('adam-ascends', 'The update has the sign of the gradient.', '47', {
    update: (s, m, v, t) => (s.eta * m) / (1 - s.b1 ** t) / (root(s, v / (1 - s.b2 ** t)) + s.epsilon),
  }),
  adamMutant(
    'adam-root-by-exponential',
    'The root is exp(½·log v̂), which rounds differently at every scale.',
    '49',
    {
      update: (s, m, v, t) => {
        const vHat = v / (1 - s.b2 ** t);
        return (-s.eta * m) / (1 - s.b1 ** t) / (Math.exp(s.exponent * Math.log(vHat)) + s.epsilon);
      },
    },
  ),
  adamMutant('adam-exponent-ignored', 'The exponent is taken to be ½ whatever was asked for.', '49', {
    update: (s, m, v, t) => (-s.eta * m) / (1 - s.b1 ** t) / (Math.sqrt(v / (1 - s.b2 ** t)) + s.epsilon),
  }),
  adamMutant('adam-hidden-decay', 'A weight decay nobody asked for.', '6', {
    update: (s, m, v, t, x) =>
      (-s.eta * m) / (1 - s.b1 ** t) / (root(s, v / (1 - s.b2 ** t)) + s.epsilon) - s.eta * 1e-4 * x,
  }),
  adamMutant(
    'adam-epsilon-hat',
    'ε is added to the uncorrected root: η√(1−β₂ᵗ)/(1−β₁ᵗ)·m/(√v + ε), an ε that shrinks with t.',
    'A',
    {
      update: (s, m, v, t) => {
        const corrected = root(s, 1 - s.b2 ** t) / (1 - s.b1 ** t);
        return (-s.eta * corrected * m) / (root(s, v) + s.epsilon);
      },
    },
    { seen: 'the efficient form of Kingma and Ba 2015, section 2, which many implement' },
  ),
  naiveMutant(
    {
      id: 'adam-broadcast',
      mistake: "Every coordinate is divided by the first one's root: a broadcast gone wrong.",
      killedBy: '7',
      method: 'adam',
    },
    (options) => {
      const s = settings(options);
      const right = naiveAdam(options, 0);
      return {
        ...right,
        step(x, g, rows, t) {
          const { rows: next } = right.step(x, g, rows, t);
          const divisor = root(s, next[1][0] / (1 - s.b2 ** t)) + s.epsilon;
          return { rows: next, update: next[0].map((m) => (-s.eta * m) / (1 - s.b1 ** t) / divisor) };
        },
      };
    },
  ),
  adamMutant(
    'adamw-coupled',
    'The decay is added to the gradient, and divided by its root with it.',
    '52',
    {
      means: (s, m, v, g) => ({ m: s.b1 * m + (1 - s.b1) * g, v: s.b2 * v + (1 - s.b2) * g * g }),
      update: (s, m, v, t, x) => {
        const coupled = m / (1 - s.b1 ** t) + s.decay * x;
        return (-s.eta * coupled) / (root(s, v / (1 - s.b2 ** t) + (s.decay * x) ** 2) + s.epsilon);
      },
    },
    { method: 'adamw' },
  ),
  adamMutant(
    'adamw-decay-without-rate',
    'The decay is not multiplied by the learning rate.',
    '52',
    {
      update: (s, m, v, t, x) =>
        (-s.eta * m) / (1 - s.b1 ** t) / (root(s, v / (1 - s.b2 ** t)) + s.epsilon) - s.decay * x,
    },
    { method: 'adamw' },
  ),
  adamMutant(
    'adamw-decay-per-device',
    'The decay is multiplied once for each of two devices that hold the parameter.',
    '52',
    {
      update(s, m, v, t, x) {
        const step = (-s.eta * m) / (1 - s.b1 ** t) / (root(s, v / (1 - s.b2 ** t)) + s.epsilon);
        return step - (1 - (1 - s.eta * s.decay) ** 2) * x;
      },
    },
    { method: 'adamw', seen: 'distributed_shampoo (until 2026-05-28)' },
  ),
  adamMutant(
    'adamw-decays-the-updated',
    'The decay is applied to the already updated parameters.',
    '52b',
    {
      update(s, m, v, t, x) {
        const step = (-s.eta * m) / (1 - s.b1 ** t) / (root(s, v / (1 - s.b2 ** t)) + s.epsilon);
        return step - s.eta * s.decay * (x + step);
      },
    },
    { method: 'adamw' },
  ),
  adamMutant(
    'adabelief-old-mean',
    'The surprise is taken with the mean from before the update.',
    '47b',
    {
      means: (s, m, v, g) => ({
        m: s.b1 * m + (1 - s.b1) * g,
        v: s.b2 * v + (1 - s.b2) * (g - m) ** 2 + s.epsilon,
      }),
    },
    { method: 'adabelief' },
  ),
];
