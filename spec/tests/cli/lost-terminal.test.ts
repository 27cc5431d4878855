import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readLog } from '../../../dashboard/index.js';
import { startFluxion, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Runs the command line; `heard` is told what is printed. Returns its exit code and what went to stderr. */
function running(args: readonly string[], heard: (child: ReturnType<typeof startFluxion>) => void) {
  return new Promise<{ code: number | null; stderr: string }>((resolve) => {
    const child = startFluxion(args, folder.path);
    let stderr = '';
    child.stderr!.on('data', (chunk) => (stderr += chunk));
    child.stdout!.once('data', () => heard(child));
    child.on('close', (code) => resolve({ code, stderr }));
  });
}

const lastOf = (name: string) => [...readLog(join(folder.path, name))].at(-1)!.event.kind;

describe('where the terminal goes away', () => {
  it('a race whose output nobody reads any more goes on to its end', async () => {
    const race = ['race', 'rosenbrock', '--methods', 'gradientDescent(0.0001)', '--steps', '20000'];
    const ended = await running([...race, '--out', 'closed', '--no-open'], (child) =>
      child.stdout!.destroy(),
    );
    expect(ended).toEqual({ code: 0, stderr: '' });
    expect(lastOf('closed')).toBe('result');
    expect(existsSync(join(folder.path, 'closed', 'events.lock'))).toBe(false);
  });

  it('a hang-up ends a race as Ctrl-C does', async () => {
    const race = ['race', 'rosenbrock', '--methods', 'gradientDescent(0.0001)', '--steps', '100000000'];
    const ended = await running([...race, '--out', 'hung', '--no-open'], (child) => child.kill('SIGHUP'));
    expect(ended.code).toBe(130);
    expect(lastOf('hung')).toBe('result');
    expect(existsSync(join(folder.path, 'hung', 'events.lock'))).toBe(false);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends watch', async (signal) => {
    const ended = await running(['watch', 'hung', '--no-open'], (child) => child.kill(signal));
    expect(ended).toEqual({ code: 0, stderr: '' });
  });
});
