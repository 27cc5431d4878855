import { type Algebra, type Options, type OptionValue, type Tree, treeDot } from '../src/index.js';

/**
 * Refuses a pipeline whose first update points up the gradient while none of its operators has a rate: what was
 * forgotten is `learningRate`, which turns the update round, and without which training climbs.
 *
 * @throws TypeError
 */
export function refuseClimbing<T>(
  algebra: Algebra<T>,
  operators: readonly { readonly name: string; readonly options: Options }[],
  gradient: Tree<T>,
  update: Tree<T>,
): void {
  // What skipWhen leads round in this step is not known yet.
  if (operators.some(({ name, options }) => name === 'skipWhen' || hasRate(options))) return;
  const slope = algebra.scope(() => algebra.number(treeDot(algebra, gradient, update)));
  if (!(slope > 0 && slope < Number.POSITIVE_INFINITY)) return; // ∞ is trouble of another kind
  throw new TypeError(
    'train(pipeline): expected learningRate(…) at its end, which multiplies by −η, got an update that points up the ' +
      'gradient; updates are added to the parameters',
  );
}

function hasRate(options: OptionValue): boolean {
  if (options === null || typeof options !== 'object') return false;
  return 'rate' in options || Object.values(options).some(hasRate);
}
