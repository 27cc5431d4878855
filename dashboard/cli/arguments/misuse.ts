/** A wrong argument, name or file: reported on stderr without a stack, exit code 2. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/**
 * Runs `body`, in which only the user's input can be at fault, and turns what it throws into a `Misuse`.
 *
 * @example const method = blamingInput(() => adam({ beta2: 1.5 }));
 */
export function blamingInput<R>(body: () => R, prefix = ''): R {
  try {
    return body();
  } catch (error) {
    throw asMisuse(error, prefix);
  }
}

export function asMisuse(error: unknown, prefix = ''): Misuse {
  if (error instanceof Misuse) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Misuse(prefix + message, { cause: error });
}
