import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { races } from './races.js';
import { fluxion, temporaryFolder } from './run-cli.js';

const { cwd, race, misused } = races();

describe('fluxion refuses, with exit code 2 and nothing written,', () => {
  it.each([
    ['a method that does not exist', ['race', 'booth', '--methods', 'adma'], "did you mean 'adam'?"],
    [
      'an option that a method lacks',
      ['race', 'booth', '--methods', 'adam(beta=1)'],
      "did you mean 'beta1'?",
    ],
    ['a problem that does not exist', ['race', 'minst'], "did you mean 'mnist'?"],
    ['no problem', ['race'], 'race(problem): expected one'],
    [
      'steps that are no number',
      ['race', 'booth', '--steps', 'ten'],
      "--steps): expected a whole number in [1, ∞), got 'ten'",
    ],
    ['a batch size where there are no data', ['race', 'booth', '--batch', '8'], '--batch: booth'],
    ['a backend that does not exist', ['race', 'mnist', '--backend', 'wasn'], "did you mean 'wasm'?"],
    [
      'a method that needs residuals where there are none',
      ['race', './no-hessian.mjs', '--methods', 'gaussNewton'],
      'gaussNewton needs the residuals of a sum of squares',
    ],
    [
      'a method of one variable for two',
      ['race', 'booth', '--methods', 'guardedNewton'],
      'expected a function of one variable',
    ],
    [
      'a solver for a model',
      ['race', 'mnist', '--methods', 'bfgs'],
      'bfgs minimizes functions alone; mnist is a model over batches, which are trained by gradientDescent, momentum',
    ],
    ['a picture of another kind', ['race', 'booth', '--plot', 'booth.pdf'], 'ends in .svg or .png'],
    ['a picture in no folder', ['race', 'booth', '--plot', 'no/booth.svg'], 'in a folder that is there'],
    ['errors of what was published without', ['race', 'mnist', '--as-published'], '--as-published: cifar10'],
    ['an option of photographs that there is not', ['race', 'cifar10(crops=4)'], "did you mean 'crop'?"],
    ['an option of photographs out of bounds', ['race', 'cifar10(crop=40)'], 'cifar10(crop): expected a'],
    ['an option that does not exist', ['race', 'booth', '--step', '5'], '--steps'],
    ['a command that does not exist', ['rase'], 'race'],
    ['a folder without a record', ['watch', 'nowhere'], 'holds no events.log'],
    ['a record that is none', ['race', '--resume', 'nowhere'], 'holds no events.log'],
  ])('%s', async (_, args, message) => {
    writeFileSync(
      join(cwd, 'no-hessian.mjs'),
      "export default { name: 'f', start: [1], value: (x) => x[0] ** 2 };",
    );
    const before = readdirSync(cwd).sort();
    const runs = existsSync(join(cwd, 'runs')) ? readdirSync(join(cwd, 'runs')) : [];
    const { code, stderr } = await misused(...args);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(message);
    expect(
      readdirSync(cwd)
        .filter((name) => name !== 'runs')
        .sort(),
    ).toEqual(before.filter((name) => name !== 'runs'));
    expect(existsSync(join(cwd, 'runs')) ? readdirSync(join(cwd, 'runs')) : []).toEqual(runs);
  });

  it('leaves no folder of runs behind where a race does not begin', async () => {
    const { path, remove } = temporaryFolder();
    writeFileSync(
      join(path, 'broken.mjs'),
      "export default { name: 'f', start: [1], value() { throw new Error('mine'); } };",
    );
    const ended = await fluxion(['race', './broken.mjs', '--methods', 'adam', '--no-open'], path);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('mine') });
    expect(readdirSync(path)).toEqual(['broken.mjs']);
    remove();
  });

  it('a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, stderr } = await race('booth', '--port', String(port), '--out', 'never');
    server.close();
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(String(port));
    expect(existsSync(join(cwd, 'never'))).toBe(false);
  });

  it('a folder that holds something', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const { code, stderr } = await misused('race', 'booth', '--out', '.');
    expect(code).toBe(2);
    expect(stderr).toContain('--out: expected a new or empty folder');
  });
});
