import { Misuse } from './misuse.js';

/** A name with options, as typed: `adam(learningRate=0.01)`. */
export interface Call {
  readonly name: string;
  /** A value given without a name, as in `fixedStep(0.15)`. */
  readonly argument?: Value;
  readonly options: { readonly [option: string]: Value };
  /** What was typed, without spaces. */
  readonly text: string;
}

/** A value as typed; a call in place of a value is a schedule, a search, …. */
export type Value = number | boolean | string | Call;

/**
 * Reads a list of methods, `gradientDescent(learningRate=0.1),adam`.
 *
 * Values are numbers, `true`, `false`, words, or calls again: `adam(learningRate=cosine(from=0.1,steps=500))`. The
 * first one needs no name where it is a number or a call: `bfgs(fixedStep(0.15))`.
 *
 * @throws Misuse naming the place at which the text makes no sense
 */
export function parseMethods(text: string): Call[] {
  const reader = new Reader(text, methodsHint);
  const calls: Call[] = [];
  do calls.push(reader.call('a method'));
  while (reader.take(','));
  reader.end();
  return calls;
}

/** Reads one name with options, `rosenbrock(n=10)`. */
export function parseCall(text: string, where: string): Call {
  const reader = new Reader(text, { where, example: 'rosenbrock(n=10)' });
  const call = reader.call('a name');
  reader.end();
  return call;
}

interface Hint {
  /** Which argument is read. */
  readonly where: string;
  readonly example: string;
}

const methodsHint: Hint = {
  where: '--methods',
  example: "--methods 'gradientDescent(learningRate=0.1),adam'",
};

class Reader {
  #position = 0;

  constructor(
    readonly text: string,
    readonly hint: Hint,
  ) {}

  call(expected: string): Call {
    const name = this.#word(expected);
    const options: { [option: string]: Value } = {};
    const start = this.#position - name.length;
    let argument: Value | undefined;
    if (this.take('(') && !this.take(')')) {
      argument = this.#unnamed();
      if (argument === undefined || this.take(','))
        do {
          const option = this.#word(`an option of ${name}`);
          if (!this.take('=')) throw this.#wrong(`'=' and a value after '${option}'`);
          if (Object.hasOwn(options, option)) {
            throw new Misuse(`${this.hint.where}: ${name} is given '${option}' twice`);
          }
          options[option] = this.#value(option);
        } while (this.take(','));
      if (!this.take(')')) throw this.#wrong(`',' or ')' in the options of ${name}`);
    }
    const unnamed = argument !== undefined && { argument };
    return { name, ...unnamed, options, text: this.text.slice(start, this.#position).replace(/\s/g, '') };
  }

  /** A number or a call in the first place of the parentheses. */
  #unnamed(): Value | undefined {
    const number = this.#number();
    if (number !== undefined) return number;
    const start = this.#position;
    const isCall = this.#match(/[A-Za-z_]\w*/y) !== undefined && this.#next() === '(';
    this.#position = start;
    return isCall ? this.call('a value') : undefined;
  }

  #number(): number | undefined {
    const text = this.#match(/[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/iy);
    return text === undefined ? undefined : Number(text);
  }

  #value(option: string): Value {
    const number = this.#number();
    if (number !== undefined) return number;
    const start = this.#position;
    const word = this.#word(`a value for '${option}'`);
    if (word === 'true' || word === 'false') return word === 'true';
    if (this.#next() !== '(') return word;
    this.#position = start;
    return this.call('a value');
  }

  take(character: string): boolean {
    if (this.#next() !== character) return false;
    this.#position++;
    return true;
  }

  end(): void {
    if (this.#next() !== '') throw this.#wrong("',' or the end");
  }

  #word(expected: string): string {
    const word = this.#match(/[A-Za-z_]\w*/y);
    if (word === undefined) throw this.#wrong(expected);
    return word;
  }

  #next(): string {
    while (this.text[this.#position] === ' ') this.#position++;
    return this.text[this.#position] ?? '';
  }

  #match(pattern: RegExp): string | undefined {
    this.#next();
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.text)?.[0];
    this.#position += found?.length ?? 0;
    return found;
  }

  #wrong(expected: string): Misuse {
    const found =
      this.#next() === '' ? 'the end' : `'${this.text.slice(this.#position, this.#position + 20)}'`;
    return new Misuse(
      `${this.hint.where}: expected ${expected} at character ${this.#position + 1}, got ${found}; ` +
        `write for example ${this.hint.example}`,
    );
  }
}
