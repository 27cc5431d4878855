import { isObservable, type Observable, type OperatorFunction } from 'rxjs';
import { shown } from '../src/algebra/argument.js';
import { roleOf } from '../src/objective/role.js';

/**
 * A pipeline as an operator, checked as far as it can be without a stream.
 *
 * @throws TypeError naming the way, where it is a method, a solver or a list
 */
export function checkPipeline(pipeline: unknown): void {
  if (typeof pipeline === 'function') return;
  const role = roleOf(pipeline);
  const got = role === undefined ? shown(pipeline) : `the ${role} ${(pipeline as { name: string }).name}`;
  const way = Array.isArray(pipeline) ? 'pipe(…) makes one operator of a list' : ways[role ?? 'none'];
  throw new TypeError(
    `train(pipeline): expected an operator such as pipe(gradient(), lifted(adam())), got ${got}; ${way}`,
  );
}

const ways = {
  method: 'lifted(…) makes it an operator, behind gradient()',
  solver: 'minimize runs it',
  'least-squares solver': 'leastSquares runs it',
  none: 'the first is gradient()',
};

/**
 * The stream that a pipeline makes of another.
 *
 * RxJS calls whatever stands in a pipe with a stream, and fails in its own words where that is no operator: a method
 * that was not lifted, or a factory that was not called, which takes the stream for its options.
 *
 * @throws TypeError telling so
 */
export function composed<F>(pipeline: OperatorFunction<F, F>, source: Observable<F>): Observable<F> {
  let stream: unknown;
  try {
    stream = pipeline(source);
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
    throw noOperator(cause.message, cause);
  }
  if (isObservable(stream)) return stream as Observable<F>;
  throw noOperator(`made ${shown(stream)} of a stream`);
}

function noOperator(got: string, cause?: unknown): TypeError {
  return new TypeError(
    'train(pipeline): expected operators alone, such as gradient() and lifted(adam()), got one that is none or was ' +
      `not called: ${got}`,
    { cause },
  );
}
