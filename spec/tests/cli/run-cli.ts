import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledFile } from '../compiled.js';

/** The command line. */
export const command = [process.execPath, compiledFile('dashboard/main.ts')] as const;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line. */
export function startFluxion(
  args: readonly string[],
  cwd: string,
  stdin: 'ignore' | 'pipe' = 'ignore',
): ChildProcess {
  const [program, ...leading] = command;
  return spawn(program, [...leading, ...args], {
    cwd,
    stdio: [stdin, 'pipe', 'pipe'],
  });
}

/** Runs the command line to its end; `during` sees the process and what it has printed so far. */
export function fluxion(
  args: readonly string[],
  cwd: string,
  during: (child: ChildProcess, stdout: string) => void = () => {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = startFluxion(args, cwd);
    let [stdout, stderr] = ['', ''];
    child.stdout!.on('data', (chunk) => {
      stdout += chunk;
      during(child, stdout);
    });
    child.stderr!.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Every line of stdout as JSON: a line that is none fails the test. */
export const jsonLines = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'fluxion-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
