import { Evaluations } from '../../../src/objective/evaluations.js';

/** The arrays of numbers that can be come by from an object: what a solver holds from step to step, work space included. */
export function arraysHeldBy(holder: unknown): Float64Array[] {
  const seen = new Set<unknown>();
  const found: Float64Array[] = [];
  const look = (at: unknown): void => {
    if (at === null || typeof at !== 'object' || seen.has(at)) return;
    seen.add(at);
    if (at instanceof Float64Array) found.push(at);
    // The function's own counts and last places are no part of the method.
    else if (at instanceof Evaluations || ArrayBuffer.isView(at)) return;
    else if (at instanceof Map || at instanceof Set) for (const one of at.values()) look(one);
    else for (const one of Object.values(at)) look(one);
  };
  look(holder);
  return found;
}
