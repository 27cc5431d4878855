import { Box } from '../../src/objective/bounds.js';
import { Differences } from '../../src/objective/differences.js';
import { Evaluations } from '../../src/objective/evaluations.js';
import type { Named } from './named.js';

/** A way to take derivatives from values alone. */
export interface DerivativesSubject extends Named {
  readonly kind: 'derivatives';
  /** The gradient from values alone, and the Hessian from gradients, of a function asked in a box alone. */
  within?(
    f: { value(x: Float64Array): number; gradient(x: Float64Array): Float64Array },
    x: Float64Array,
    bounds: { readonly lower: Float64Array; readonly upper: Float64Array },
  ): { readonly gradient: Float64Array; readonly hessian: Float64Array };
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
  claims: ['75', '75b', '75c', '75d'],
  within({ value, gradient }, x, { lower, upper }) {
    const n = x.length;
    const box = new Box(lower, upper);
    const answer = { gradient: new Float64Array(n), hessian: new Float64Array(n * n) };
    new Evaluations({ value }, n, box).gradient(x, answer.gradient);
    new Evaluations({ value, gradient }, n, box).hessian(x, answer.hessian);
    return answer;
  },
  jacobian(values, x) {
    const middle = values(x);
    const differences = new Differences((at, into) => into.set(values(at)), x.length, middle.length);
    const jacobian = new Float64Array(middle.length * x.length);
    differences.jacobian(x, middle, jacobian);
    return { jacobian, error: differences.error };
  },
  scope: (body) => body(),
};
