import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fluxion, jsonLines, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const cwd = folder.path;
const race = (...args: string[]) => fluxion(['race', ...args, '--no-open'], cwd);

it('races on a function under several seeds, from starts of their own, and says who is faster', async () => {
  const methods = 'newton,gradientDescent(0.01)';
  const args = ['rosenbrock', '--methods', methods, '--seeds', '3', '--steps', '40'];
  const { code, stdout } = await race(...args, '--out', 'a', '--json', '--plot', 'a.svg');
  expect(code).toBe(0);
  const { methods: runs, comparison } = jsonLines(stdout).at(-1);
  expect(
    runs.map(({ seed, contestant }: { seed: number; contestant: string }) => [contestant, seed]),
  ).toEqual(
    [1, 2, 3].flatMap((seed) => [
      ['newton', seed],
      ['gradientDescent', seed],
    ]),
  );
  const starts = runs.map(({ path }: { path: number[][] }) => String(path[0]));
  expect(new Set(starts).size).toBe(3);
  expect(starts[0]).toBe(starts[1]); // both methods of one seed from one start
  expect(comparison.by).toBe('value');
  expect(comparison.contestants.map(({ label }: { label: string }) => label)).toEqual([
    'newton',
    'gradientDescent',
  ]);
  expect(comparison.pairs[0]).toMatchObject({ faster: 'newton', than: 'gradientDescent' });
  const picture = readFileSync(join(cwd, 'a.svg'), 'utf8');
  expect(picture).toContain('>f − f*</text>');
  expect(picture).toContain('3 seeds');
  expect(existsSync(join(cwd, 'a', 'newton_seed_2.safetensors'))).toBe(true);
  const table = await race(...args);
  expect(table.stdout).toContain('2 methods, 40 steps each, 3 seeds from 1 on');
  expect(table.stdout).toMatch(/ {2}newton {2}than {2}gradientDescent {2}(yes|no) +z = /);
});

it('races on a model under several seeds, notes the target, and goes on where it was stopped', async () => {
  const args = ['--methods', 'sgd(0.5),adam(0.002)', '--seeds', '2', '--steps', '30', '--target', '1.5'];
  const common = ['--batch', '32', '--json'];
  const { stdout } = await race('mnist', ...args, ...common, '--out', 'whole');
  const whole = jsonLines(stdout).at(-1);
  expect(whole.comparison).toMatchObject({ by: 'stepsToTarget', target: 1.5 });
  let pressed = false;
  const stopped = await fluxion(
    ['race', 'mnist', ...args, ...common, '--out', 'halves', '--no-open'],
    cwd,
    (child, text) => {
      if (!pressed && text.includes('"progress"')) pressed = child.kill('SIGINT');
    },
  );
  expect(stopped.code).toBe(130);
  const resumed = await race('--resume', 'halves', '--json');
  expect(resumed.code, resumed.stderr).toBe(0);
  const last = jsonLines(resumed.stdout).at(-1);
  const told = ({ methods }: typeof whole) =>
    methods.map(({ label, seed, steps, trainLoss, stepsToTarget }: Record<string, unknown>) => [
      label,
      seed,
      steps,
      trainLoss,
      stepsToTarget,
    ]);
  expect(told(last)).toEqual(told(whole));
});
