import type { Algebra } from './algebra.js';
import { wholeNumber } from './argument.js';
import { computing, intercept } from './intercept.js';

export interface Fault {
  /** Which operation fails, counted from 0 over those that compute; later ones are right again. */
  at: number;
  /** What stands in the first entry of its result. */
  value: number;
}

export interface FaultInjecting<T> extends Algebra<T> {
  /** Whether the operation that fails has been reached. */
  injected(): boolean;
}

/**
 * The same arithmetic, save that the k-th computing operation returns a wrong first entry: what follows
 * must carry the trouble to the end of the step, or report it, and never swallow it.
 *
 * Moves (transpose, reshape, slice, concat) and tests (greater, where, finite) are not counted: hardware and formulas do
 * not make a NaN there.
 *
 * @throws RangeError unless `at` is a whole number in [0, ∞)
 * @example faultInjecting(float64, { at: 12, value: Number.NaN })
 */
export function faultInjecting<T>(algebra: Algebra<T>, { at, value }: Fault): FaultInjecting<T> {
  wholeNumber('faultInjecting', 'at', at, '[0, ∞)');
  let count = 0;
  const faulty = intercept(algebra, (name, run) => {
    const result = run();
    if (!failing.has(name) || count++ !== at) return result;
    return spoilt(algebra, result as T, value);
  });
  return { ...faulty, injected: () => count > at };
}

const exempt: readonly string[] = ['greater', 'where', 'finite', 'transpose', 'reshape', 'slice', 'concat'];
const failing: ReadonlySet<string> = new Set(computing.filter((name) => !exempt.includes(name)));

function spoilt<T>(algebra: Algebra<T>, x: T, value: number): T {
  const values = algebra.values(x);
  if (values.length > 0) values[0] = value;
  const result = algebra.array(values, algebra.shape(x));
  algebra.release(x);
  return result;
}
