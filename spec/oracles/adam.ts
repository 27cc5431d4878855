import { type Naive, naiveSubject, option } from './naive.js';

/** Adam with an exponent p, x ← x − η·m̂/(v̂ᵖ + ε) (Kingma and Ba 2015, algorithm 1; there p = ½). */
export const adamOracle = naiveSubject('adam', (options) => naiveAdam(options, 0));

/** AdamW, x ← x − η(m̂/(√v̂ + ε) + λx) (Loshchilov and Hutter 2019, algorithm 2). */
export const adamwOracle = naiveSubject('adamw', (options) =>
  naiveAdam(options, option(options, 'weightDecay', 0.01)),
);

export function naiveAdam(options: Record<string, unknown>, decay: number): Naive {
  const eta = option(options, 'learningRate', 0.001);
  const beta1 = option(options, 'beta1', 0.9);
  const beta2 = option(options, 'beta2', 0.999);
  const epsilon = option(options, 'epsilon', 1e-8);
  const exponent = option(options, 'exponent', 0.5);
  const place = (options.epsilonPlace as string | undefined) ?? 'beside';
  return {
    start: (x) => [x.map(() => 0), x.map(() => 0)],
    step(x, g, [m, v], t) {
      const update: number[] = [];
      const mean: number[] = [];
      const square: number[] = [];
      for (let i = 0; i < g.length; i++) {
        mean.push(beta1 * m[i] + (1 - beta1) * g[i]);
        square.push(beta2 * v[i] + (1 - beta2) * g[i] * g[i]);
        const mHat = mean[i] / (1 - beta1 ** t);
        const vHat = square[i] / (1 - beta2 ** t);
        const power = (value: number) => (exponent === 0.5 ? Math.sqrt(value) : value ** exponent);
        const correction = 1 - beta2 ** t;
        const divisors: Readonly<Record<string, () => number>> = {
          beside: () => power(vHat) + epsilon,
          inside: () => power(vHat + epsilon),
          besideUncorrected: () => (power(square[i]) + epsilon) / correction ** exponent,
          insideUncorrected: () => power(square[i] + epsilon) / correction ** exponent,
        };
        update.push(-eta * (mHat / divisors[place]() + decay * x[i]));
      }
      return { update, rows: [mean, square] };
    },
  };
}
