import { Misuse } from '../arguments/misuse.js';

/** Runs `body`, and tells a misuse in the words of code: `race(batch)` in place of `--batch`. */
export function inCode<R>(body: () => R): R {
  try {
    return body();
  } catch (error) {
    throw worded(error);
  }
}

/** The same of what is not done yet. */
export function inCodeLater<R>(result: Promise<R>): Promise<R> {
  return result.catch((error) => {
    throw worded(error);
  });
}

function worded(error: unknown): unknown {
  if (!(error instanceof Misuse)) return error;
  return new TypeError(error.message.replace(/^--([a-z]+)/, 'race($1)'), { cause: error });
}
