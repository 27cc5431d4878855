import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

const example = `for example, in answer to {"call":"hello"}

  {"name": "my optimizer"}

and to {"call":"step","x":[1],"gradient":[0.5],"state":null,"step":0}

  {"x": [0.95], "state": null}`;

/** A process that answers each line with a line, both of JSON: see docs/check.md. */
export class Pipe {
  /** Rung when an answer lies in `answers`. */
  readonly bell = new SharedArrayBuffer(4);
  readonly answers: MessagePort;
  readonly #near: MessagePort;
  readonly #child: ChildProcess;
  #asked: string | undefined;

  /** @param fail is told once what went wrong, in words for the user: the pipe is then of no more use */
  constructor(
    readonly command: string,
    fail: (message: string) => void,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.#near = port1;
    this.answers = port2;
    this.#child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] });
    const failed = (what: string) => fail(`check(command): '${command}' ${what}; ${example}`);
    this.#child.on('error', ({ message }) => failed(`does not start: ${message}`));
    this.#child.on('exit', (code, signal) => {
      const ended = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      failed(`${ended}${this.#asked === undefined ? '' : ` when it was asked ${cut(this.#asked)}`}`);
    });
    this.#child.stdin!.on('error', () => {}); // it has ended, which is told above
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      const answer = parsed(line);
      if (answer === undefined) failed(`answered ${cut(line)} where a line of JSON was expected`);
      else if (this.#asked === undefined) failed(`said ${cut(line)} without being asked`);
      else this.#answer(answer);
    });
  }

  ask(line: string): void {
    this.#asked = line;
    this.#child.stdin!.write(`${line}\n`);
  }

  close(): void {
    this.#child.removeAllListeners('exit');
    this.#child.stdin!.end();
    this.#child.kill();
    this.#near.close();
  }

  #answer(answer: object): void {
    this.#asked = undefined;
    this.#near.postMessage(answer);
    const bell = new Int32Array(this.bell);
    Atomics.add(bell, 0, 1);
    Atomics.notify(bell, 0);
  }
}

/** An object of a line of JSON in which NaN and ±Infinity may stand bare, as Python writes them, or as words. */
function parsed(line: string): object | undefined {
  const quoted = line.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
  try {
    const value: unknown = JSON.parse(quoted, (_, entry) => words.get(entry) ?? entry);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const words = new Map<unknown, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

const cut = (line: string) => `'${line.length > 120 ? `${line.slice(0, 120)}…` : line}'`;
