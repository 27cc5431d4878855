import type { Algebra } from './algebra.js';

/** The operations that compute a new array from arrays. */
export const computing = [
  'add',
  'sub',
  'mul',
  'div',
  'min',
  'max',
  'combine',
  'neg',
  'abs',
  'sign',
  'square',
  'sqrt',
  'pow',
  'greater',
  'where',
  'sum',
  'dot',
  'finite',
  'matmul',
  'transpose',
  'reshape',
  'slice',
  'concat',
] as const;

/** The operations that make an array of given values. */
export const making = ['array', 'fill', 'copy'] as const;

/** The operations that bring values to the host. */
export const reading = ['number', 'values'] as const;

export type Operation = (typeof computing)[number] | (typeof making)[number] | (typeof reading)[number];

/**
 * An algebra whose every operation passes through `around`, which decides whether and how to run it.
 *
 * @example intercept(float64, (name, run) => { console.log(name); return run(); })
 */
export function intercept<T>(
  algebra: Algebra<T>,
  around: (name: Operation, run: () => unknown, operands: readonly unknown[]) => unknown,
): Algebra<T> {
  // Without what does several operations at once: they pass one by one.
  const intercepted: Record<string, unknown> = { ...algebra, moments: undefined };
  for (const name of [...computing, ...making, ...reading]) {
    const operation = algebra[name] as (...operands: unknown[]) => unknown;
    intercepted[name] = (...operands: unknown[]) =>
      around(name, () => operation.apply(algebra, operands), operands);
  }
  return intercepted as unknown as Algebra<T>;
}
