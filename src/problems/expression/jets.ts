import type { Arithmetic } from './arithmetic.js';
import { elementary } from './elementary.js';

/** A number with its derivatives by n variables up to the second: value, gradient [n], Hessian [n, n] row-major. */
export interface Jet {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/**
 * Arithmetic that carries first and second derivatives along, exact but for rounding.
 *
 * Values are those of plain numbers, bit for bit.
 * Source: Griewank and Walther 2008, chapter 13 (second-order forward mode).
 */
export function jets(n: number): Arithmetic<Jet> & { variable(value: number, index: number): Jet } {
  const jet = (
    value: number,
    gradient: (i: number) => number,
    hessian: (i: number, j: number) => number,
  ): Jet => {
    const made = { value, gradient: new Float64Array(n), hessian: new Float64Array(n * n) };
    for (let i = 0; i < n; i++) {
      made.gradient[i] = gradient(i);
      for (let j = 0; j <= i; j++) made.hessian[i * n + j] = made.hessian[j * n + i] = hessian(i, j);
    }
    return made;
  };
  /** g(u), by g′ and g″ there. A derivative of u that is 0 stays so, whatever it is multiplied by. */
  const composed = (u: Jet, value: number, first: number, second: number) =>
    jet(
      value,
      (i) => times(first, u.gradient[i]),
      (i, j) => times(first, u.hessian[i * n + j]) + times(second, u.gradient[i] * u.gradient[j]),
    );
  const sum = (u: Jet, v: Jet, sign: 1 | -1) =>
    jet(
      u.value + sign * v.value,
      (i) => u.gradient[i] + sign * v.gradient[i],
      (i, j) => u.hessian[i * n + j] + sign * v.hessian[i * n + j],
    );
  const multiply = (u: Jet, v: Jet) =>
    jet(
      u.value * v.value,
      (i) => u.value * v.gradient[i] + v.value * u.gradient[i],
      (i, j) =>
        u.value * v.hessian[i * n + j] +
        v.value * u.hessian[i * n + j] +
        (u.gradient[i] * v.gradient[j] + v.gradient[i] * u.gradient[j]),
    );
  const power = (u: Jet, c: number) =>
    composed(u, u.value ** c, factor(u.value, c, 1), factor(u.value, c, 2));
  const [exp, log] = [elementary.get('exp')!, elementary.get('log')!];
  const apply: Arithmetic<Jet>['apply'] = (g, u) => {
    const value = g.value(u.value);
    return composed(u, value, ...g.slopes(u.value, value));
  };
  return {
    constant: (value) =>
      jet(
        value,
        () => 0,
        () => 0,
      ),
    variable: (value, index) =>
      jet(
        value,
        (i) => (i === index ? 1 : 0),
        () => 0,
      ),
    add: (u, v) => sum(u, v, 1),
    subtract: (u, v) => sum(u, v, -1),
    multiply,
    divide: (u, v) => ({ ...multiply(u, power(v, -1)), value: u.value / v.value }),
    power,
    raise: (u, v) => apply(exp, multiply(v, apply(log, u))),
    apply,
  };
}

/** A derivative times another, 0 where one that is structurally 0 meets an infinite one. */
function times(slope: number, derivative: number): number {
  return derivative === 0 ? 0 : slope * derivative;
}

/** The derivative of uᶜ of an order: c(c − 1)…u^(c − order), and 0 where a factor is, also at u = 0. */
function factor(u: number, c: number, order: 1 | 2): number {
  const coefficient = order === 1 ? c : c * (c - 1);
  return coefficient === 0 ? 0 : coefficient * u ** (c - order);
}
