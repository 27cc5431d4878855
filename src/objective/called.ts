import { shown } from '../algebra/argument.js';
import { isList, noNumber } from '../algebra/numbers.js';

/** Thrown where a user's function throws, changes its argument, or returns no numbers or too few; `x` is where. */
export class ObjectiveError extends Error {
  override readonly name = 'ObjectiveError';

  constructor(
    message: string,
    readonly x: Float64Array,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** So few entries are compared at every call. */
const few = 16;

/**
 * Copies an argument to compare with after the call: at every call where it is short, else at the first two and every
 * 16th, as a comparison at each would cost a cheap function a tenth of its time.
 *
 * @param nth which call it is, from 1
 */
export function watched(x: Float64Array, nth: number, into: Float64Array): Float64Array | undefined {
  if (x.length > few) {
    if (nth > 2 && nth % 16 !== 0) return undefined;
    into.set(x);
  } else for (let i = 0; i < x.length; i++) into[i] = x[i]; // a third of the time of `set` where they are few
  return into;
}

/** The values at the end of a run and at the same x once more may differ by this fraction. */
const sameValue = 1e-3;

/**
 * Asks for the value at the last x again where x is so long that it may have been changed unseen. Noise is no change:
 * it differs from itself.
 *
 * @throws ObjectiveError where it is another one, twice the same
 */
export function confirmed(name: string, recorded: number, x: Float64Array, again: () => number): void {
  if (x.length <= few || !Number.isFinite(recorded)) return;
  const told = again();
  const differs = Math.abs(told - recorded) > sameValue * Math.max(Math.abs(told), Math.abs(recorded));
  if (!differs || again() !== told) return;
  const got = `got ${told} where the run was told ${recorded}`;
  throw new ObjectiveError(
    `${name}: expected the same value again at the end, ${got}; does it change x, or depend on more than x?`,
    x.slice(),
  );
}

/** The error of a function that threw. */
export function threw(name: string, cause: unknown, x: Float64Array): ObjectiveError {
  if (cause instanceof ObjectiveError) return cause;
  return new ObjectiveError(`${name}: threw ${cause}`, x.slice(), { cause });
}

/**
 * The answer of a function called for a number. NaN and ±∞ are numbers: what they mean is the caller's decision.
 *
 * @param name how the user knows the function: `value(x)`
 * @param before what {@link watched} gave before the call
 * @throws ObjectiveError
 */
export function numberFrom(
  name: string,
  answer: unknown,
  x: Float64Array,
  before: Float64Array | undefined,
): number {
  if (before !== undefined) unchanged(name, 'x', x, before);
  if (typeof answer !== 'number') throw unexpected(name, 'a number', answer, x);
  return answer;
}

/**
 * The answer of a function called for a list of numbers, `length` of them where that is known.
 *
 * @throws ObjectiveError
 */
export function numbersFrom(
  name: string,
  answer: unknown,
  x: Float64Array,
  before: Float64Array | undefined,
  length?: number,
): ArrayLike<number> {
  if (before !== undefined) unchanged(name, 'x', x, before);
  if (!isList(answer)) throw unexpected(name, `${length ?? 'an array of'} numbers`, answer, x);
  if (length !== undefined && answer.length !== length) {
    throw new ObjectiveError(`${name}: expected ${length} numbers, got ${answer.length}`, x.slice());
  }
  const wrong = noNumber(answer);
  if (wrong !== undefined) throw new ObjectiveError(`${name}: expected numbers, got ${wrong}`, x.slice());
  return answer as ArrayLike<number>;
}

/**
 * Compares an argument with what it was before the call.
 *
 * @throws ObjectiveError where the function has changed it
 */
export function unchanged(name: string, argument: string, x: Float64Array, before: Float64Array): void {
  for (let i = 0; i < x.length; i++) {
    if (Object.is(x[i], before[i])) continue;
    const got = `got ${argument}[${i}] changed from ${before[i]} to ${x[i]}`;
    const expected = `expected ${argument} unchanged`;
    throw new ObjectiveError(
      `${name}: ${expected}, ${got}; work on a copy, ${argument}.slice()`,
      before.slice(),
    );
  }
}

function unexpected(name: string, expected: string, got: unknown, x: Float64Array): ObjectiveError {
  return new ObjectiveError(`${name}: expected ${expected}, got ${shown(got)}${advice(got)}`, x.slice());
}

function advice(got: unknown): string {
  const { then, dataSync } = (got ?? {}) as { then?: unknown; dataSync?: unknown };
  if (typeof then === 'function') return '; the function must be synchronous';
  return typeof dataSync === 'function'
    ? '; flattenedLoss of fluxion/tensors makes a loss of TensorFlow.js a problem'
    : '';
}
