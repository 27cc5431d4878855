import { type Naive, option } from '../oracles/naive.js';
import { naiveScheduleFree } from '../oracles/schedule-free.js';
import { type Mutant, naiveMutant, type Options } from './mutant.js';

interface Averaging {
  readonly memory?: (given: number) => number;
  /** Where the fast point goes, and what it is averaged from. */
  readonly averaged?: (old: number, now: number) => number;
  readonly held?: (x: number, z: number, lookahead: number) => number;
  /** The point that the gradient is stepped from. */
  readonly from?: (z: number, y: number) => number;
}

/** Primal averaging with one part changed. */
function primalMutant(id: string, mistake: string, parts: Averaging): Mutant {
  const {
    memory = (given) => given,
    averaged = (_, now) => now,
    held = (x, z, lookahead) => lookahead * x + (1 - lookahead) * z,
    from = (z) => z,
  } = parts;
  const create = (options: Options): Naive => {
    const kept = memory(option(options, 'memory', 0.9));
    const lookahead = option(options, 'lookahead', 0.9);
    return {
      start: (x) => [x, x],
      step(y, g, [z, x]) {
        const fast = z.map((zi, i) => from(zi, y[i]) - option(options, 'rate', 0.001) * g[i]);
        const slow = x.map((xi, i) => kept * xi + (1 - kept) * averaged(z[i], fast[i]));
        return { update: y.map((yi, i) => held(slow[i], fast[i], lookahead) - yi), rows: [fast, slow] };
      },
    };
  };
  return naiveMutant({ id, mistake, killedBy: '86', method: 'primalAverage' }, create);
}

type Directed = Parameters<typeof naiveScheduleFree>[2];
const plain: Directed = (g) => ({ direction: g, square: g.map(() => 0) });

export const averageMutants: readonly Mutant[] = [
  primalMutant('average-memory-swapped', 'μₓ weighs the newest point and 1 − μₓ the average.', {
    memory: (given) => 1 - given,
  }),
  primalMutant('average-of-old-points', 'The average takes the fast point from before the step.', {
    averaged: (old) => old,
  }),
  primalMutant('average-lookahead-swapped', 'μ_y weighs the fast point and 1 − μ_y the average.', {
    held: (x, z, lookahead) => (1 - lookahead) * x + lookahead * z,
  }),
  primalMutant('average-steps-from-the-held', 'The fast point is stepped from y, and forgets where it was.', {
    from: (_, y) => y,
  }),
  naiveMutant(
    {
      id: 'schedule-free-even-weights',
      mistake: 'All points weigh the same, those of the warm-up too.',
      killedBy: '86b',
      method: 'scheduleFreeSgd',
    },
    (options) => naiveScheduleFree(options, 0.5, plain, () => 1),
  ),
  naiveMutant(
    {
      id: 'schedule-free-present-rate',
      mistake: 'A point weighs the square of its own rate, and not of the largest yet.',
      killedBy: '86b',
      method: 'scheduleFreeSgd',
    },
    (options) => naiveScheduleFree(options, 0.5, plain, (_, now) => now * now),
  ),
  naiveMutant(
    {
      id: 'schedule-free-late-points',
      mistake: 'Points weigh their number: the average is not even.',
      killedBy: '86c',
      method: 'scheduleFreeSgd',
    },
    (options) => naiveScheduleFree(options, 0.5, plain, (_, _now, t) => t),
  ),
  naiveMutant(
    {
      id: 'schedule-free-uncorrected',
      mistake: 'The mean square of AdamW is not corrected for bias.',
      killedBy: '86c',
      method: 'scheduleFreeAdamw',
    },
    (options) => {
      const beta2 = option(options, 'beta2', 0.999);
      return naiveScheduleFree(options, 0.01, (g, v) => {
        const square = g.map((gi, i) => beta2 * v[i] + (1 - beta2) * gi * gi);
        return { square, direction: g.map((gi, i) => gi / Math.sqrt(square[i])) };
      });
    },
  ),
];
