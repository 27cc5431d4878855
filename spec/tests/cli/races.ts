import type { ChildProcess } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';
import { runCommandLine } from '../../../dashboard/cli/commands/command-line.js';
import { type Ended, fluxion, jsonLines, temporaryFolder } from './run-cli.js';

/** Races in a folder of their own, which is taken away after the last test of the file. */
export interface Races {
  readonly cwd: string;
  race(...args: string[]): Promise<Ended>;
  /** A race that gets a signal as soon as a file of its record is so long: bytes. */
  interrupted(args: readonly string[], at: Interruption): Promise<Ended>;
  /** A command that ends before it begins runs in this process: that is faster. */
  misused(...args: string[]): Promise<{ code: number; stderr: string }>;
}

export interface Interruption {
  /** Such as `out/events.log`. */
  readonly file: string;
  readonly length: number;
  readonly signal: NodeJS.Signals;
}

export function races(): Races {
  const folder = temporaryFolder();
  const cwd = folder.path;
  afterAll(() => folder.remove());
  return {
    cwd,
    race: (...args) => fluxion(['race', ...args, '--no-open'], cwd),
    interrupted: (args, at) => fluxion(['race', ...args, '--no-open'], cwd, interruption(cwd, at)),
    async misused(...args) {
      let stderr = '';
      const printed = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
        stderr += text;
        return true;
      });
      const before = process.cwd();
      process.chdir(cwd);
      try {
        const code = await runCommandLine([...args, '--no-open']);
        return { code, stderr };
      } finally {
        process.chdir(before);
        printed.mockRestore();
      }
    },
  };
}

function interruption(cwd: string, { file, length, signal }: Interruption) {
  const path = join(cwd, file);
  let waiting: NodeJS.Timeout | undefined;
  return (child: ChildProcess) => {
    if (waiting !== undefined) return;
    waiting = setInterval(() => {
      if (!existsSync(path) || statSync(path).size < length) return;
      clearInterval(waiting);
      child.kill(signal);
    }, 2);
    child.once('exit', () => clearInterval(waiting));
  };
}

/** What a race says last, as JSON. */
export const resultOf = (stdout: string) => jsonLines(stdout).at(-1);
