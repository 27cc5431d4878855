import { nearestName } from '../../algebra/nearest-name.js';
import { evaluate, numbers } from './arithmetic.js';
import { constants, elementary } from './elementary.js';
import type { Expression } from './tree.js';

/** A text that is no expression: why, and from which character on (0 is the first). */
export class ExpressionError extends SyntaxError {
  override readonly name = 'ExpressionError';

  constructor(
    readonly reason: string,
    readonly position: number,
  ) {
    super(`fromExpression(text): ${reason} at character ${position + 1}`);
  }
}

/** The names of the variables. */
export const variables = ['x', 'y'] as const;

const longest = 1_000;
const deepest = 100;
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const operators: Readonly<Record<string, 'add' | 'subtract' | 'multiply' | 'divide'>> = {
  '+': 'add',
  '-': 'subtract',
  '−': 'subtract',
  '*': 'multiply',
  '·': 'multiply',
  '×': 'multiply',
  '/': 'divide',
};

/**
 * Reads `x^2 + 3*y^4 - x*y`: numbers, variables, constants, functions of one argument, + − * / ^, and parentheses.
 *
 * ^ binds tightest and to the right, then a sign, then * and /; `3y` and `2(x + 1)` are products.
 *
 * @throws ExpressionError naming what was expected, what came and where
 */
export function parseExpression(text: string): Expression {
  if (text.length > longest) {
    throw new ExpressionError(`expected at most ${longest} characters, got ${text.length}`, longest);
  }
  const reader = new Reader(text);
  const whole = reader.sum();
  reader.end();
  return whole;
}

class Reader {
  #position = 0;
  #depth = 0;

  constructor(private readonly text: string) {}

  sum(): Expression {
    let left = this.#product();
    for (let next = this.#peek(); operators[next] === 'add' || operators[next] === 'subtract'; ) {
      this.#position++;
      left = { kind: operators[next], left, right: this.#product() };
      next = this.#peek();
    }
    return left;
  }

  end(): void {
    const next = this.#peek();
    if (next === ')') throw this.#wrong("expected nothing, or a '(' before it");
    if (next !== '') throw this.#wrong('expected an operator such as + or *');
  }

  #product(): Expression {
    let left = this.#signed();
    for (;;) {
      const next = this.#peek();
      const operator = operators[next];
      if (operator === 'multiply' && this.text.startsWith('**', this.#position)) return left; // a power's sign
      if (operator === 'multiply' || operator === 'divide') {
        this.#position++;
        left = { kind: operator, left, right: this.#signed() };
      } else if (next === '(' || /[A-Za-zπ]/.test(next)) {
        left = { kind: 'multiply', left, right: this.#power() };
      } else return left;
    }
  }

  #signed(): Expression {
    const operator = operators[this.#peek()];
    if (operator !== 'add' && operator !== 'subtract') return this.#power();
    this.#position++;
    const of = this.#nested(() => this.#signed());
    return operator === 'add' ? of : { kind: 'negative', of };
  }

  #power(): Expression {
    const base = this.#atom();
    const raised = this.#superscript();
    if (raised !== undefined) return { kind: 'power', base, exponent: raised };
    if (this.#peek() === '^') this.#position++;
    else if (this.text.startsWith('**', this.#position)) this.#position += 2;
    else return base;
    const exponent = this.#nested(() => this.#signed());
    const constant = constantOf(exponent);
    return constant === undefined
      ? { kind: 'raise', left: base, right: exponent }
      : { kind: 'power', base, exponent: constant };
  }

  #atom(): Expression {
    const next = this.#peek();
    const start = this.#position;
    if (next === '(') return this.#parenthesis();
    const number = this.#match(/(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/iy);
    if (number !== undefined) return { kind: 'number', value: Number(number) };
    const name = this.#match(/π|[A-Za-z][A-Za-z_]*/y);
    if (name === undefined) throw this.#wrong("expected a number, x, y, a function such as sin, or '('");
    const index = (variables as readonly string[]).indexOf(name);
    if (index >= 0) return { kind: 'variable', index };
    const constant = constants.get(name);
    if (constant !== undefined) return { kind: 'number', value: constant };
    const called = elementary.get(name);
    if (called === undefined) throw unknownName(name, start);
    if (this.#peek() !== '(') throw this.#wrong(`expected '(' after ${name}`);
    return { kind: 'call', function: called, of: this.#parenthesis() };
  }

  #parenthesis(): Expression {
    this.#position++;
    const inside = this.#nested(() => this.sum());
    if (this.#peek() !== ')') throw this.#wrong("expected ')'");
    this.#position++;
    return inside;
  }

  /** ² and ¹² as typed on some keyboards. */
  #superscript(): number | undefined {
    this.#peek();
    const digits = this.#match(/[⁰¹²³⁴-⁹]+/y);
    return digits === undefined
      ? undefined
      : Number(digits.replace(/./g, (digit) => String(superscripts.indexOf(digit))));
  }

  #nested(read: () => Expression): Expression {
    if (++this.#depth > deepest) {
      throw new ExpressionError(`expected at most ${deepest} parts within one another`, this.#position);
    }
    const inner = read();
    this.#depth--;
    return inner;
  }

  #peek(): string {
    while (/\s/.test(this.text[this.#position] ?? '')) this.#position++;
    return this.text[this.#position] ?? '';
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.text)?.[0];
    this.#position += found?.length ?? 0;
    return found;
  }

  #wrong(expected: string): ExpressionError {
    const next = this.#peek();
    const found =
      next === '' ? 'the end' : `'${String.fromCodePoint(this.text.codePointAt(this.#position)!)}'`;
    return new ExpressionError(`${expected}, got ${found}`, this.#position);
  }
}

function unknownName(name: string, position: number): ExpressionError {
  if (/^[xy]{2,}$/.test(name)) {
    return new ExpressionError(`expected ${[...name].join('*')} where ${name} stands`, position);
  }
  const known = [...elementary.keys(), ...constants.keys()];
  const near = nearestName(name, known);
  const hint =
    near === undefined
      ? `the variables are x and y, the functions ${[...elementary.keys()].join(', ')}`
      : `is ${near} meant?`;
  return new ExpressionError(`expected a name that is known, got ${name} (${hint})`, position);
}

/** The value of a part without variables. */
function constantOf(part: Expression): number | undefined {
  return holdsVariable(part) ? undefined : evaluate(part, numbers, []);
}

/** Whether a part depends on a variable: on the one of an index, or on any. */
export function holdsVariable(part: Expression, index?: number): boolean {
  switch (part.kind) {
    case 'number':
      return false;
    case 'variable':
      return index === undefined || part.index === index;
    case 'negative':
    case 'call':
      return holdsVariable(part.of, index);
    case 'power':
      return holdsVariable(part.base, index);
    default:
      return holdsVariable(part.left, index) || holdsVariable(part.right, index);
  }
}
