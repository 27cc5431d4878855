import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beale, booth, himmelblau, rosenbrock, saddle, type TestFunction } from '../../../src/index.js';
import { ExpressionError } from '../../../src/problems/expression/syntax.js';
import { fromExpression, gradientCheck } from '../../../src/problems/index.js';

const at = (text: string, ...x: number[]) => fromExpression(text).value(Float64Array.from(x));
const gradient = (text: string, ...x: number[]) => [...fromExpression(text).gradient!(Float64Array.from(x))];
const hessian = (text: string, ...x: number[]) => [...fromExpression(text).hessian!(Float64Array.from(x))];

describe('a typed function', () => {
  test('means what the same signs mean on paper', () => {
    expect(at('x^2 + 3*y^4 - x*y', 1, 2)).toBe(47);
    expect(at('-x^2', 3)).toBe(-9);
    expect(at('2^-x', 2)).toBeCloseTo(0.25, 15);
    expect(at('x^2^3', 2)).toBe(256);
    expect(at('x**3', -2)).toBe(-8);
    expect(at('8/x/2', 2)).toBe(2);
    expect(at('8 - x - 2', 2)).toBe(4);
    expect(at('3y', 0, 2)).toBe(6);
    expect(at('2(x + 1)(x - 1)', 3)).toBe(16);
    expect(at('3x^2', 2)).toBe(12);
    expect(at('2pi x', 1)).toBe(2 * Math.PI);
    expect(at('2πx', 1)).toBe(2 * Math.PI);
    expect(at('x³ − 2·x¹⁰', 1)).toBe(-1);
    expect(at('exp(x)/e', 1)).toBeCloseTo(1, 15);
    expect(at('1.5e2x', 2)).toBe(300);
    expect(at('- - x', 2)).toBe(2);
    expect(at('(x^2)^(1/2)', -3)).toBe(3);
    expect(at('sqrt(x)', -1)).toBeNaN();
  });

  test('has as many variables as it names, and starts at 1 in each', () => {
    expect(fromExpression('x^4').start).toEqual([1]);
    expect(fromExpression('y^4').start).toEqual([1, 1]);
    expect(fromExpression('7').start).toEqual([1]);
  });

  test('has the derivatives worked out by hand', () => {
    expect(gradient('x^2 + 3*y^4 - x*y', 1, 2)).toEqual([0, 95]);
    expect(hessian('x^2 + 3*y^4 - x*y', 1, 2)).toEqual([2, -1, -1, 144]);
    expect(gradient('sqrt(1 + x^2)', 0)).toEqual([0]);
    expect(hessian('sqrt(1 + x^2)', 0)).toEqual([1]);
    expect(hessian('x^3', 0)).toEqual([0]);
    expect(gradient('x^1', 0)).toEqual([1]);
    expect(hessian('x^1 + x^0', 0)).toEqual([0]);
    expect(gradient('abs(x)', -2)).toEqual([-1]);
    expect(hessian('y^0.5', 0, 4)).toEqual([0, 0, 0, -1 / 32]);
    expect(gradient('tanh(x)', 20)[0]).toBeCloseTo(4 * Math.exp(-40), 30);
  });

  test.each([
    ['100*(y - x^2)^2 + (1 - x)^2', rosenbrock(2)],
    ['(x + 2*y - 7)^2 + (2*x + y - 5)^2', booth()],
    ['(x^2 + y - 11)^2 + (x + y^2 - 7)^2', himmelblau()],
    ['(1.5 - x(1 - y))^2 + (2.25 - x(1 - y^2))^2 + (2.625 - x(1 - y^3))^2', beale()],
    ['x^2/2 - y^2/2 + y^4/4', saddle()],
  ])('%s is the closed form, to rounding', (text, closed: TestFunction) => {
    const typed = fromExpression(text);
    const coordinate = fc.double({ min: -4, max: 4, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(coordinate, coordinate), (point) => {
        const x = Float64Array.from(point);
        const near = (a: ArrayLike<number>, b: ArrayLike<number>) => {
          // Each of the at most thirty operations may err by ε times the largest of its terms, here 10⁶.
          const scale = Math.max(1, ...Array.from(b, Math.abs), closed.value(x));
          Array.from(a, (ai, i) =>
            expect(Math.abs(ai - b[i])).toBeLessThanOrEqual(1e3 * Number.EPSILON * scale),
          );
        };
        near([typed.value(x)], [closed.value(x)]);
        near(typed.gradient!(x), closed.gradient!(x));
        near(typed.hessian!(x), closed.hessian!(x));
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  /** Expressions that are smooth where they are evaluated: arguments of log, sqrt and powers are kept positive. */
  const smooth = fc.letrec<{ part: string }>((tie) => ({
    part: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('x', 'y', '2', '0.5', '(-1.25)', 'pi'),
      fc
        .tuple(tie('part'), fc.constantFrom('+', '-', '*'), tie('part'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc.tuple(tie('part'), tie('part')).map(([left, right]) => `(${left})/(1 + (${right})^2)`),
      fc
        .tuple(fc.constantFrom('sin', 'cos', 'tanh', 'atan'), tie('part'))
        .map(([name, part]) => `${name}(${part})`),
      fc
        .tuple(fc.constantFrom('exp', 'sinh', 'cosh', 'tan'), tie('part'))
        .map(([name, part]) => `${name}(sin(${part})/2)`),
      fc
        .tuple(fc.constantFrom('log', 'ln', 'sqrt'), tie('part'))
        .map(([name, part]) => `${name}(2 + cos(${part}))`),
      fc.tuple(tie('part'), fc.constantFrom('2', '3', '0')).map(([part, power]) => `(${part})^${power}`),
      tie('part').map((part) => `(1.5 + sin(${part}))^(-0.7)`),
      fc
        .tuple(tie('part'), tie('part'))
        .map(([base, exponent]) => `(2 + cos(${base}))^(sin(${exponent}) + x)`),
    ),
  })).part;
  const point = fc.tuple(
    fc.double({ min: -1.5, max: 1.5, noNaN: true }),
    fc.double({ min: -1.5, max: 1.5, noNaN: true }),
  );

  test('its gradient and Hessian agree with differences', () => {
    fc.assert(
      fc.property(smooth, point, (text, x) => {
        const problem = fromExpression(`${text} + 0*y`);
        fc.pre(Math.abs(problem.value(Float64Array.from(x))) < 1e6);
        const { agrees, message } = gradientCheck(problem, x);
        expect(agrees, `${message} in ${text}`).toBe(true);
      }),
      { seed: 12, numRuns: 400 },
    );
  });

  test('spaces and needless parentheses change nothing', () => {
    fc.assert(
      fc.property(smooth, point, (text, x) => {
        const spread = `( ${text.replace(/([-+*/^()])/g, ' $1 ')} )`;
        expect(at(`${spread} + 0*y`, ...x)).toBe(at(`${text} + 0*y`, ...x));
      }),
      { seed: 12, numRuns: 100 },
    );
  });

  test.each([
    ['', "expected a number, x, y, a function such as sin, or '(', got the end", 0],
    ['x +', "expected a number, x, y, a function such as sin, or '(', got the end", 3],
    ['x + * y', "expected a number, x, y, a function such as sin, or '(', got '*'", 4],
    ['(x + y', "expected ')', got the end", 6],
    ['x)', "expected nothing, or a '(' before it, got ')'", 1],
    ['sin x', "expected '(' after sin, got 'x'", 4],
    ['x2', "expected an operator such as + or *, got '2'", 1],
    ['x = 3', "expected an operator such as + or *, got '='", 2],
    ['2 + xy', 'expected x*y where xy stands', 4],
    ['sqr(x)', 'expected a name that is known, got sqr (is sqrt meant?)', 0],
    ['x + alert(1)', 'expected a name that is known, got alert', 4],
    ['x.constructor', "expected an operator such as + or *, got '.'", 1],
    ['x 😀', "expected an operator such as + or *, got '😀'", 2],
  ])('%j is refused in words, at the place', (text, reason, position) => {
    let refused: unknown;
    try {
      fromExpression(text);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(ExpressionError);
    expect((refused as ExpressionError).reason).toContain(reason);
    expect((refused as ExpressionError).position).toBe(position);
    expect((refused as ExpressionError).message).toContain(`at character ${position + 1}`);
  });

  test('no text, however strange, does anything but be read or refused', () => {
    const signs = fc.string({
      unit: fc.constantFrom(...'xyπe0129.()+-*/^²  sincolgt,;=[]{}`$"', 'constructor', '__proto__'),
    });
    fc.assert(
      fc.property(fc.oneof(signs, fc.string({ unit: 'grapheme' })), (text) => {
        try {
          expect(typeof at(text, 0.3, 0.7)).toBe('number');
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
          const { position } = error as ExpressionError;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(text.length);
        }
      }),
      { seed: 12, numRuns: 2_000 },
    );
    expect(() => fromExpression('('.repeat(900))).toThrow(/at most 100 parts within one another/);
    expect(() => fromExpression('x'.repeat(1001))).toThrow(/at most 1000 characters/);
    expect(() => fromExpression(`${'x+'.repeat(499)}x`)).not.toThrow();
    expect(() => fromExpression(7 as never)).toThrow(TypeError);
  });
});
