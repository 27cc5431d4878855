import { type Naive, naiveSubject, option } from './naive.js';

/** Schedule-Free SGD (Defazio et al. 2024, equations 3–5); x is a mean over all z, kept as two sums. */
export const scheduleFreeSgdOracle = naiveSubject('scheduleFreeSgd', (options) =>
  naiveScheduleFree(options, 0.5, (g) => ({ direction: g, square: g.map(() => 0) })),
);

/** Schedule-Free AdamW (Defazio et al. 2024, algorithm 1). */
export const scheduleFreeAdamwOracle = naiveSubject('scheduleFreeAdamw', (options) => {
  const beta2 = option(options, 'beta2', 0.999);
  const epsilon = option(options, 'epsilon', 1e-8);
  return naiveScheduleFree(options, 0.01, (g, v, t) => {
    const square = g.map((gi, i) => beta2 * v[i] + (1 - beta2) * gi * gi);
    const direction = g.map((gi, i) => gi / (Math.sqrt(square[i] / (1 - beta2 ** t)) + epsilon));
    return { direction, square };
  });
});

type Rate = number | { at(count: number): number };

/** `weigh` makes the weight of zₜ of the rates so far; the authors' is the square of the largest. */
export function naiveScheduleFree(
  options: Record<string, unknown>,
  otherwise: number,
  directed: (
    g: readonly number[],
    square: readonly number[],
    t: number,
  ) => { direction: readonly number[]; square: readonly number[] },
  weigh = (largest: number, _now: number, _t: number) => largest * largest,
): Naive {
  const rate = option<Rate>(options, 'learningRate', otherwise);
  const beta = option(options, 'beta', 0.9);
  const decay = option(options, 'weightDecay', 0);
  const rateOf = (t: number) => (typeof rate === 'number' ? rate : rate.at(t - 1));
  return {
    start: (x) => [x, x.map(() => 0), x.map(() => 0), [0]],
    step(y, g, [z, sums, v, [weights]], t) {
      let largest = 0;
      for (let k = 1; k <= t; k++) largest = Math.max(largest, rateOf(k));
      const weight = weigh(largest, rateOf(t), t);
      const { direction, square } = directed(g, v, t);
      const fast = z.map((zi, i) => zi - rateOf(t) * (direction[i] + decay * y[i]));
      const sum = sums.map((si, i) => si + weight * fast[i]);
      const total = weights + weight;
      const update = y.map((yi, i) => (1 - beta) * fast[i] + (beta * sum[i]) / total - yi);
      return { update, rows: [fast, sum, square, [total]] };
    },
  };
}
