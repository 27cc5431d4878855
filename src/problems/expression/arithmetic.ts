import type { Elementary } from './elementary.js';
import type { Expression } from './tree.js';

/** What an expression needs of the numbers it is evaluated on: plain ones, or jets, which carry derivatives. */
export interface Arithmetic<T> {
  constant(value: number): T;
  add(u: T, v: T): T;
  subtract(u: T, v: T): T;
  multiply(u: T, v: T): T;
  divide(u: T, v: T): T;
  /** uᶜ, c not depending on the variables. */
  power(u: T, exponent: number): T;
  /** uᵛ = exp(v log u). */
  raise(u: T, v: T): T;
  apply(g: Elementary, u: T): T;
}

/** The expression's value at these variables. */
export function evaluate<T>(of: Expression, on: Arithmetic<T>, variables: ArrayLike<T>): T {
  const at = (part: Expression): T => {
    switch (part.kind) {
      case 'number':
        return on.constant(part.value);
      case 'variable':
        return variables[part.index];
      case 'negative':
        return on.subtract(on.constant(0), at(part.of));
      case 'call':
        return on.apply(part.function, at(part.of));
      case 'power':
        return on.power(at(part.base), part.exponent);
      default:
        return on[part.kind](at(part.left), at(part.right));
    }
  };
  return at(of);
}

/** Plain float64 numbers. */
export const numbers: Arithmetic<number> = {
  constant: (value) => value,
  add: (u, v) => u + v,
  subtract: (u, v) => u - v,
  multiply: (u, v) => u * v,
  divide: (u, v) => u / v,
  power: (u, exponent) => u ** exponent,
  raise: (u, v) => Math.exp(v * Math.log(u)),
  apply: (g, u) => g.value(u),
};
