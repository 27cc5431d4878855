import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLog } from '../../../dashboard/record/log/index.js';
import { rosenbrock } from '../../../src/index.js';
import { races, resultOf } from './races.js';
import { fluxion, jsonLines } from './run-cli.js';

const { cwd, race } = races();

describe('fluxion race on a test function', () => {
  it('prints one JSON object a line, the address first and the result last, and leaves a record', async () => {
    const { code, stdout } = await race(
      'booth',
      '--methods',
      'newton,sgd',
      '--steps',
      '20',
      '--json',
      '--out',
      'a',
    );
    expect(code).toBe(0);
    const lines = jsonLines(stdout);
    expect(lines[0].event).toBe('dashboard');
    expect(lines[0].url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=\w+/);
    const { event, methods } = lines.at(-1);
    expect(event).toBe('result');
    expect(methods.map(({ name }: { name: string }) => name)).toEqual(['newton', 'gradientDescent']);
    const [newton, descent] = methods;
    // One step of Newton's method solves a quadratic, up to 30nκε of the minimiser: n = 2, κ = 9, ‖x*‖ < 4.
    const [x, y] = newton.path[1];
    expect(Math.hypot(x - 1, y - 3)).toBeLessThan(30 * 2 * 9 * 2 ** -52 * 4);
    expect(newton).toMatchObject({ steps: 1, outcome: { kind: 'converged' } });
    expect(newton.evaluations).toMatchObject({ value: 2, gradient: 2, hessian: 1 });
    expect(newton.derivatives).toEqual({ gradient: 'given', hessian: 'given' });
    expect(newton.millisecondsPerStep).toBeGreaterThan(0);
    expect(descent.path).toHaveLength(21);
    const kinds = new Set([...readLog(join(cwd, 'a'))].map(({ event }) => event.kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['run', 'step', 'point', 'outcome', 'result']));
    expect(existsSync(join(cwd, 'a', 'newton.safetensors'))).toBe(true);
  });

  it('stops a method that diverges, and goes on with the others', async () => {
    const methods = 'gradientDescent(learningRate=10),gradientDescent(learningRate=0.01)';
    const { code, stdout } = await race('rosenbrock', '--methods', methods, '--steps', '30', '--json');
    expect(code).toBe(0);
    const [wild, tame] = resultOf(stdout).methods;
    expect(wild.outcome.kind).toBe('nonFinite');
    expect(wild.label).toBe('gradientDescent(learningRate=10)');
    expect(wild.steps).toBeLessThan(30);
    expect(wild.x.every(Number.isFinite)).toBe(true);
    expect(wild.value).toBe(rosenbrock(2).value(wild.x)); // the last good point: JSON has no other number
    expect(wild.x).toEqual(wild.path[wild.steps]);
    expect(tame.steps + wild.steps).toBeGreaterThan(wild.steps);
  });

  it('prints progress and a table for a person', async () => {
    const { code, stdout } = await race('rosenbrock(n=3)', '--methods', 'adam,newton', '--steps', '10');
    expect(code).toBe(0);
    expect(stdout).toContain('Dashboard: http://127.0.0.1:');
    expect(stdout).toMatch(/adam +step 10\/10 .*done/);
    expect(stdout).toMatch(/method +steps +value +x +values +gradients +Hessians +ms\/step +outcome/);
    expect(stdout).toMatch(/npx fluxion watch runs\/\S+-rosenbrock/);
  });
});

describe('fluxion race --plot', () => {
  it('draws contours, paths and convergence, or the convergence alone', async () => {
    const methods = 'newton,bfgs,momentum(learningRate=1e-3)';
    const plane = await race('rosenbrock', '--methods', methods, '--steps', '40', '--plot', 'plane.svg');
    expect(plane.code, plane.stderr).toBe(0);
    expect(plane.stdout).toContain('Plotted in plane.svg');
    const svg = readFileSync(join(cwd, 'plane.svg'), 'utf8');
    for (const name of ['rosenbrock', 'newton', 'bfgs', 'momentum']) expect(svg).toContain(name);
    const space = await race('rosenbrock(n=3)', '--methods', methods, '--steps', '40', '--plot', 'space.svg');
    expect(space.code, space.stderr).toBe(0);
    expect(readFileSync(join(cwd, 'space.svg'), 'utf8').length).toBeLessThan(svg.length);
  });
});

describe('fluxion --help', () => {
  it('teaches by examples, and lists every method with its defaults', async () => {
    const [all, race] = await Promise.all([fluxion(['--help'], cwd), fluxion(['race', '--help'], cwd)]);
    expect([all.code, race.code]).toEqual([0, 0]);
    expect(all.stdout).toContain('fluxion race mnist');
    expect(race.stdout).toMatch(/adam\n +learningRate=0\.001 +η/);
    expect(race.stdout).toMatch(/rosenbrock\(n=2\)/);
  });
});
