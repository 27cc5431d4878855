import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestFunction } from '../../../src/index.js';

/** A run of SciPy's `minimize`; x is absent where it raised. */
export interface ScipyRun {
  readonly x: number[] | null;
  readonly calls: { readonly value: number; readonly gradient: number; readonly hessian: number };
  readonly message: string;
}

export type ScipyAnswers = { readonly version: string } & Readonly<Record<string, readonly ScipyRun[]>>;

/** What Python asks for over the pipe, by the number it sends. */
const kinds = ['value', 'gradient', 'hessian', 'residuals', 'jacobian'] as const;
export type Asked = Readonly<Partial<Record<(typeof kinds)[number], (x: Float64Array) => unknown>>>;

/** A Python with SciPy: `FLUXION_PYTHON`, else the first of some usual ones; undefined where there is none. */
export function pythonWithScipy(): string | undefined {
  const candidates = [process.env.FLUXION_PYTHON, 'python3', 'python'];
  return candidates.find(
    (python) =>
      python !== undefined &&
      (existsSync(python) || !python.includes('/')) &&
      spawnSync(python, ['-c', 'import scipy'], { stdio: 'ignore' }).status === 0,
  );
}

/**
 * Lets SciPy minimize our own functions: Python asks for each value, gradient and Hessian over a pipe, so that
 * both sides see the same bits.
 */
export function runScipy(
  python: string,
  problems: readonly Required<Pick<TestFunction, 'value' | 'gradient' | 'hessian'>>[],
  starts: readonly (readonly number[])[],
  methods: Readonly<Record<string, readonly [method: string, options: object]>>,
): Promise<ScipyAnswers> {
  const script = fileURLToPath(new URL('scipy_zoo.py', import.meta.url));
  return answering(python, script, { starts, methods }, problems, starts);
}

/** Runs a script of Python that asks for our functions' values over a pipe; resolves to what it answers at its end. */
export function answering<A>(
  python: string,
  script: string,
  argument: object,
  problems: readonly Asked[],
  starts: readonly ArrayLike<number>[],
): Promise<A> {
  const child = spawn(python, [script, JSON.stringify(argument)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  });
  return new Promise((resolve, reject) => {
    let waiting = Buffer.alloc(0);
    child.stdout.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 8) {
        const [kind, second] = [waiting.readInt32LE(0), waiting.readInt32LE(4)];
        const length = kind < 0 ? second : 8 * starts[second].length;
        if (waiting.length < 8 + length) return;
        const body = waiting.subarray(8, 8 + length);
        waiting = waiting.subarray(8 + length);
        if (kind < 0) {
          resolve(JSON.parse(body.toString()));
          return;
        }
        const value = problems[second][kinds[kind]]!(new Float64Array(new Uint8Array(body).buffer));
        const answer = typeof value === 'number' ? Float64Array.of(value) : (value as Float64Array);
        child.stdin.write(new Uint8Array(answer.buffer, answer.byteOffset, answer.byteLength));
      }
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`SciPy's process ended early, with status ${code}`)));
  });
}
