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

/**
 * Copies x to compare with after the call, for the first calls of a function and every 16th: a comparison at each
 * would cost a cheap function a tenth of its time.
 *
 * @param nth which call it is, from 1
 */
export function watched(x: Float64Array, nth: number, into: Float64Array): Float64Array | undefined {
  if (nth > 2 && nth % 16 !== 0) return undefined;
  into.set(x);
  return into;
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
  if (before !== undefined) unchanged(name, x, before);
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
  if (before !== undefined) unchanged(name, x, before);
  if (!isList(answer)) throw unexpected(name, `${length ?? 'an array of'} numbers`, answer, x);
  if (length !== undefined && answer.length !== length) {
    throw new ObjectiveError(`${name}: expected ${length} numbers, got ${answer.length}`, x.slice());
  }
  const wrong = noNumber(answer);
  if (wrong !== undefined) throw new ObjectiveError(`${name}: expected numbers, got ${wrong}`, x.slice());
  return answer as ArrayLike<number>;
}

function unchanged(name: string, x: Float64Array, before: Float64Array): void {
  for (let i = 0; i < x.length; i++) {
    if (Object.is(x[i], before[i])) continue;
    const got = `got x[${i}] changed from ${before[i]} to ${x[i]}`;
    throw new ObjectiveError(
      `${name}: expected x unchanged, ${got}; work on a copy, x.slice()`,
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
