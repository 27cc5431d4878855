import type { Algebra } from './algebra.js';
import { computing, intercept, making } from './intercept.js';

export interface Poisoning<T> extends Algebra<T> {
  /** Gives the memory of all freed arrays back, after which late reads of them are no longer seen. Not inside a scope. */
  drain(): void;
}

/**
 * The same arithmetic, save that an array that was freed, by `release` or at the end of its scope, throws
 * when it is read, written into another array or freed again.
 *
 * Freed arrays are set aside and not recycled, so that no later array can take the place of a dead one.
 * Arrays made here are unknown to scopes of the bare algebra: open none around it.
 *
 * @example
 * const strict = poisoning(float64);
 * const x = strict.fill([3], 1);
 * strict.release(x);
 * strict.sum(x); // throws: float64.sum: an operand was read after it had been freed
 */
export function poisoning<T>(algebra: Algebra<T>): Poisoning<T> {
  const dead = new Set<T>();
  const creators: ReadonlySet<string> = new Set([...computing, ...making]);
  let made: Set<T> | null = null;

  const check = (name: string, x: unknown) => {
    if (dead.has(x as T)) {
      throw new Error(`${algebra.name}.${name}: an operand was read after it had been freed`);
    }
  };
  const strict = intercept(algebra, (name, run, operands) => {
    for (const operand of operands.flat()) check(name, operand); // flat: concat takes a list
    const result = run();
    if (creators.has(name)) made?.add(result as T);
    return result;
  });

  return {
    ...strict,
    shape(x) {
      check('shape', x);
      return algebra.shape(x);
    },
    scope<R>(body: () => R): R {
      const outer = made;
      const own = new Set<T>();
      made = own;
      try {
        const result = body();
        for (const survivor of arraysIn(algebra, result)) if (own.delete(survivor)) outer?.add(survivor);
        return result;
      } finally {
        for (const array of own) dead.add(array);
        made = outer;
      }
    },
    release(x) {
      if (dead.has(x)) throw new Error(`${algebra.name}.release: this array was released before`);
      dead.add(x);
      made?.delete(x);
    },
    live: () => algebra.live() - dead.size,
    drain() {
      for (const array of dead) algebra.release(array);
      dead.clear();
    },
  };
}

function* arraysIn<T>(algebra: Algebra<T>, tree: unknown): Generator<T> {
  if (algebra.isArray(tree)) yield tree;
  else if (tree !== null && typeof tree === 'object') {
    for (const child of Object.values(tree)) yield* arraysIn(algebra, child);
  }
}
