import { shown } from '../algebra/argument.js';
import { evaluate, numbers } from './expression/arithmetic.js';
import { jets } from './expression/jets.js';
import { holdsVariable, parseExpression, variables } from './expression/syntax.js';
import type { TestFunction } from './test-function.js';

/**
 * A function of x, or of x and y, from what a person types: `x^2 + 3*y^4 - x*y`.
 *
 * Numbers, x, y, pi, e, + − * / ^, parentheses, and exp, log, ln, sqrt, sin, cos, tan, atan, sinh, cosh, tanh, abs;
 * `3y` is 3*y. Gradient and Hessian are exact, by second-order dual numbers in float64. The start is 1 in each
 * variable. Nothing but arithmetic is ever run, whatever the text.
 * Source: Griewank and Walther 2008, chapter 13.
 *
 * @throws TypeError on what is no text; SyntaxError telling what was expected, what came and at which character
 * @example
 * fromExpression('x^2 + 3*y^4 - x*y').gradient(Float64Array.of(1, 2)); // [0, 95]
 */
export function fromExpression(
  text: string,
): TestFunction & Required<Pick<TestFunction, 'gradient' | 'hessian'>> {
  if (typeof text !== 'string') {
    throw new TypeError(`fromExpression(text): expected a text such as 'x^2 + y^2', got ${shown(text)}`);
  }
  const expression = parseExpression(text);
  const n = holdsVariable(expression, 1) ? 2 : 1;
  const arithmetic = jets(n);
  const jetAt = (x: Float64Array) =>
    evaluate(
      expression,
      arithmetic,
      Array.from(x, (xi, i) => arithmetic.variable(xi, i)),
    );
  return {
    name: text.trim(),
    start: variables.slice(0, n).map(() => 1),
    value: (x) => evaluate(expression, numbers, x),
    gradient: (x) => jetAt(x).gradient,
    hessian: (x) => jetAt(x).hessian,
  };
}
