import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SavedArray } from '../../../src/index.js';
import { universal } from '../../subjects/claims.js';
import { Misbehaviour } from '../../subjects/foreign/misbehaviour.js';
import { flat, shaped } from '../../subjects/point.js';
import type { OptimizerSubject, Point } from '../../subjects/subject.js';

const server = fileURLToPath(new URL('optimizers.py', import.meta.url));

interface Answer {
  readonly state?: number;
  readonly x?: readonly (readonly (number | string)[])[];
  readonly error?: string;
  readonly version?: string;
}

/** What the process offers: optax with its contrib, torch.optim, or packages of optimizers for torch. */
export type Library = 'optax' | 'torch' | 'pypi';

const modules = { optax: 'optax', torch: 'torch', pypi: 'pytorch_optimizer, torch_optimizer' } as const;

/** A state that the process knows by a number, and after how many steps. */
interface Kept {
  readonly known: number;
  readonly steps: number;
}

/** A Python process that keeps optimizers, asked and answering without a promise between: laws do not wait. */
export class PythonOptimizers {
  readonly version: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'fluxion-python-'));
  private readonly child: ChildProcess;
  private readonly requests: number;
  private readonly answers: number;
  private rest = '';

  /** @throws Error where the library is not installed there */
  constructor(python: string, library: Library) {
    execFileSync(python, ['-c', `import numpy, ${modules[library]}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [requests, answers] = ['requests', 'answers'].map((name) => join(this.folder, name));
    execFileSync('mkfifo', [requests, answers]);
    this.child = spawn(python, [server, library, requests, answers], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.requests = openSync(requests, 'r+');
    this.answers = openSync(answers, 'r');
    this.version = this.read().version!;
  }

  ask(request: object): Answer {
    writeSync(this.requests, `${JSON.stringify(request)}\n`);
    const answer = this.read();
    if (answer.error !== undefined) throw new Misbehaviour(answer.error);
    return answer;
  }

  close(): void {
    closeSync(this.requests);
    closeSync(this.answers);
    this.child.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private read(): Answer {
    const chunk = Buffer.alloc(65_536);
    while (!this.rest.includes('\n')) {
      const size = readSync(this.answers, chunk, 0, chunk.length, null);
      if (size === 0) throw new Error('the Python process has ended');
      this.rest += chunk.toString('utf8', 0, size);
    }
    const end = this.rest.indexOf('\n');
    const line = this.rest.slice(0, end);
    this.rest = this.rest.slice(end + 1);
    return JSON.parse(line) as Answer;
  }

  /** One of its optimizers as a subject of the laws, its states numbers that the process knows. */
  subject(make: string, method: string, claims: readonly string[] = universal): OptimizerSubject {
    const ask = (request: object) => this.ask(request);
    const rows = (point: Point) => point.map(({ data }) => [...data]);
    const shapesOf = (point: Point) => point.map(({ shape }) => shape);
    return {
      kind: 'optimizer',
      name: `${this.version} ${make}`,
      method,
      epsilon: 2 ** -52,
      claims: claims.filter((law) => law !== 'U5'), // what the process keeps is not saved here
      answersPoints: true,
      create: (options) => ({
        init(parameters): Kept {
          const request = { do: 'init', make, options, x: rows(parameters), shapes: shapesOf(parameters) };
          return { known: ask(request).state!, steps: 0 };
        },
        step: (state, { parameters, gradient }) => {
          const x = rows(parameters);
          const { known, steps } = state as Kept;
          const request = { do: 'step', state: known, x, g: rows(gradient), shapes: shapesOf(parameters) };
          const { state: next, x: after } = ask(request);
          const point = after!.map(
            (row, i) => new SavedArray(parameters[i].shape, Float64Array.from(row, numberOf)),
          );
          const [from, to] = [flat(parameters), flat(point)];
          return {
            update: shaped(
              parameters,
              to.map((entry, i) => entry - from[i]),
            ),
            point,
            state: { known: next!, steps: steps + 1 } satisfies Kept,
          };
        },
        save: (state) => (state as Kept).steps,
        restore: (saved) => saved,
      }),
      scope: (body) => {
        try {
          return body();
        } finally {
          this.ask({ do: 'forget', shapes: [] });
        }
      },
    };
  }
}

const words: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  nan: Number.NaN,
};
const numberOf = (entry: number | string): number => (typeof entry === 'number' ? entry : words[entry]);
