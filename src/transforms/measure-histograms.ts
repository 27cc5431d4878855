import type { Algebra } from '../algebra/algebra.js';
import { chosen, type OptionsOf, whole } from '../algebra/option.js';
import { leaves, type Tree } from '../algebra/tree.js';
import { signedLogBin, signedLogBins } from '../objective/signed-log-bins.js';
import type { Context, MeasureDescription, Step, Transform } from './transform.js';

export interface HistogramsOptions {
  /** Steps from one look to the next. */
  every?: number;
}

export const histogramsOptions: OptionsOf<HistogramsOptions> = {
  every: whole(100, '[1, ∞)', 'steps from one look to the next'),
};

const histogram = (name: string, of: string): MeasureDescription => ({
  name,
  kind: 'list',
  entries: 'signedLog',
  meaning: `the share of the entries of ${of} in each bin of a grid in log |v| on both sides of 0; of all, then of each parameter`,
});

const measures: readonly MeasureDescription[] = [
  histogram('gradients', 'the gradient'),
  histogram('updates', 'the update'),
  histogram('weights', 'the parameters'),
];

/**
 * Counts now and then how the entries of gradient, update and parameters are spread, and passes the update on: after all
 * others it sees the update that is added.
 *
 * Histograms lie on the grid of `signedLogGrid`: shares of entries by sign and size, of all parameters and then of each. A look brings all three trees to the
 * host and takes a logarithm an entry; the steps between cost nothing.
 * State: `count`.
 *
 * @throws RangeError on a value outside its interval
 * @example chain(momentum(0.9), learningRate(0.1), measureHistograms({ every: 50 }))
 */
export function measureHistograms(options: HistogramsOptions = {}): Transform {
  const { every } = chosen('measureHistograms', histogramsOptions, options);
  return {
    name: 'measureHistograms',
    options: { every },
    measures,
    init: () => ({ count: 0 }),
    update<T>(context: Context<T>, { count }: { count: number }): Step<T> {
      const { algebra, update, gradient, parameters } = context;
      const step = { update, state: { count: count + 1 } };
      if (count % every !== 0) return step;
      return {
        ...step,
        measures: {
          gradients: shares(algebra, gradient),
          updates: shares(algebra, update),
          weights: shares(algebra, parameters),
        },
      };
    },
  };
}

/** The shares of all entries, then, where there are several leaves, those of each, in the order of the tree. */
function shares<T>(algebra: Algebra<T>, tree: Tree<T>): number[] {
  const each = leaves(algebra, tree).map((leaf) => countsOf(algebra.values(leaf)));
  const all = { counts: new Array<number>(signedLogBins).fill(0), size: 0 };
  for (const { counts, size } of each) {
    all.size += size;
    counts.forEach((count, bin) => {
      all.counts[bin] += count;
    });
  }
  return [all, ...(each.length > 1 ? each : [])].flatMap(({ counts, size }) =>
    counts.map((count) => count / Math.max(1, size)),
  );
}

function countsOf(values: ArrayLike<number>): { readonly counts: number[]; readonly size: number } {
  const counts = new Array<number>(signedLogBins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const bin = signedLogBin(values[i]);
    if (bin >= 0) counts[bin]++;
  }
  return { counts, size: values.length };
}
