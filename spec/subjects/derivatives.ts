import { Differences } from '../../src/objective/differences.js';
import type { Named } from './named.js';

/** A way to take derivatives from values alone. */
export interface DerivativesSubject extends Named {
  readonly kind: 'derivatives';
  /** The Jacobian, row-major, of a function of as many values, and its largest relative error as it is estimated. */
  jacobian(
    values: (x: Float64Array) => Float64Array,
    x: Float64Array,
  ): { readonly jacobian: Float64Array; readonly error: number };
}

/** Central differences with the steps that the function shows. */
export const ourDifferences: DerivativesSubject = {
  kind: 'derivatives',
  name: 'differences',
  epsilon: 2 ** -52,
  claims: ['75', '75b'],
  jacobian(values, x) {
    const middle = values(x);
    const differences = new Differences((at, into) => into.set(values(at)), x.length, middle.length);
    const jacobian = new Float64Array(middle.length * x.length);
    differences.jacobian(x, middle, jacobian);
    return { jacobian, error: differences.error };
  },
  scope: (body) => body(),
};
