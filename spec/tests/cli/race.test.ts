import type { ChildProcess } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../../dashboard/cli/commands/command-line.js';
import { readCheckpoint, writeCheckpoint } from '../../../dashboard/record/checkpoint/index.js';
import { readLog } from '../../../dashboard/record/log/index.js';
import { rosenbrock } from '../../../src/index.js';
import { fluxion, jsonLines, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const cwd = folder.path;

const race = (...args: string[]) => fluxion(['race', ...args, '--no-open'], cwd);
/** A command that ends before it begins runs in this process: that is faster. */
async function misused(...args: string[]): Promise<{ code: number; stderr: string }> {
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
}

/** One Ctrl-C: what is printed comes in several pieces. */
function ctrlCAtFirstProgress() {
  let pressed = false;
  return (child: ChildProcess, stdout: string) => {
    if (pressed || !stdout.includes('"progress"')) return;
    pressed = child.kill('SIGINT');
  };
}

const resultOf = (stdout: string) => jsonLines(stdout).at(-1);

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

describe('fluxion race goes on bit for bit', () => {
  const args = [
    'rosenbrock',
    '--methods',
    'momentum(learningRate=1e-4),adam,lbfgs(search=fixedStep(1e-3))',
    '--steps',
    '6000',
    '--json',
    '--out',
  ];
  const files = ['momentum.safetensors', 'adam.safetensors', 'lbfgs.safetensors'];
  const point = ({ x, value, path, steps, evaluations }: Record<string, unknown>) => ({
    x,
    value,
    path,
    steps,
    evaluations,
  });
  const stepsOf = (directory: string, method: number) =>
    [...readLog(join(cwd, directory))].flatMap(({ event }) =>
      event.kind === 'step' && event.method === method ? [event.step] : [],
    );
  /** Every action of the log. */
  const kindsIn = (directory: string) =>
    [...readLog(join(cwd, directory))].flatMap(({ event }) =>
      event.kind === 'control' ? [`${event.action} ${event.by}`] : [],
    );
  let whole: Awaited<ReturnType<typeof race>>;
  beforeAll(async () => {
    whole = await race(...args, 'whole');
  });

  it('after it was killed', async () => {
    const killed = await fluxion(['race', ...args, 'killed', '--no-open'], cwd, (child) => {
      const log = join(cwd, 'killed', 'events.log');
      const waiting = setInterval(() => {
        if (existsSync(log) && statSync(log).size > 200_000) {
          clearInterval(waiting);
          child.kill('SIGKILL');
        }
      }, 2);
      child.on('exit', () => clearInterval(waiting));
    });
    expect(killed.code, 'the race ended before it was killed').toBeNull();
    expect(stepsOf('killed', 1).length).toBeGreaterThan(0);
    const resumed = await fluxion(['race', '--resume', 'killed', '--json', '--no-open'], cwd);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resultOf(resumed.stdout).methods.map(point)).toEqual(resultOf(whole.stdout).methods.map(point));
    for (const file of files) {
      expect(readFileSync(join(cwd, 'killed', file))).toEqual(readFileSync(join(cwd, 'whole', file)));
    }
    resultOf(resumed.stdout).methods.forEach(({ steps }: { steps: number }, method: number) => {
      const all = Array.from({ length: steps }, (_, i) => i);
      expect(stepsOf('killed', method)).toEqual(all); // no step lost, none twice
    });
  });

  it('after Ctrl-C, which ends it with exit code 130', async () => {
    const interrupted = await fluxion(
      ['race', ...args, 'interrupted', '--no-open'],
      cwd,
      ctrlCAtFirstProgress(),
    );
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toContain('--resume');
    const kinds = resultOf(interrupted.stdout).methods.map(
      (method: { outcome: { kind: string } }) => method.outcome.kind,
    );
    expect(kinds).toContain('stopped');
    const other = await misused('race', 'booth', '--resume', 'interrupted');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('is a race on rosenbrock') });
    expect(kindsIn('interrupted')).toEqual(['stop terminal']);
    const messages = resultOf(interrupted.stdout).methods.map(
      (method: { outcome: { message: string } }) => method.outcome.message,
    );
    expect(messages).toContain('stopped by Ctrl-C');
    const { code, stdout } = await fluxion(['race', '--resume', 'interrupted', '--json', '--no-open'], cwd);
    expect(code).toBe(0);
    expect(resultOf(stdout).methods.map(point)).toEqual(resultOf(whole.stdout).methods.map(point));
  });

  it('to more steps than it was begun with', async () => {
    const methods = ['--methods', 'momentum(learningRate=1e-4),newton', '--json', '--out'];
    const long = await race('rosenbrock', '--steps', '300', ...methods, 'long');
    const short = await race('rosenbrock', '--steps', '100', ...methods, 'short');
    expect(resultOf(short.stdout).methods[0]).toMatchObject({ steps: 100, outcome: { kind: 'budget' } });
    const less = await misused('race', '--resume', 'short', '--steps', '99');
    const why = '--steps: expected at least the 100 that were taken, got 99';
    expect(less).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
    const further = await race('--resume', 'short', '--steps', '300', '--json');
    expect(further.code, further.stderr).toBe(0);
    expect(resultOf(further.stdout).methods.map(point)).toEqual(resultOf(long.stdout).methods.map(point));
    expect(stepsOf('short', 0)).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  it('refuses a function that has changed since', async () => {
    const module = (exponent: number) =>
      `export default { name: 'f', start: [3, 4], value: (x) => x[0] ** ${exponent} + x[1] ** 2 };\n`;
    writeFileSync(join(cwd, 'changed.mjs'), module(2));
    const methods = 'gradientDescent(learningRate=1e-7)';
    const started = [
      'race',
      './changed.mjs',
      '--methods',
      methods,
      '--steps',
      '10000000',
      '--out',
      'changed',
    ];
    const { code } = await fluxion([...started, '--json', '--no-open'], cwd, ctrlCAtFirstProgress());
    expect(code).toBe(130);
    writeFileSync(join(cwd, 'changed.mjs'), module(4));
    const resumed = await fluxion(['race', '--resume', 'changed', '--no-open'], cwd);
    expect(resumed).toMatchObject({ code: 2, stderr: expect.stringContaining('another point at step') });
  });

  it('refuses a damaged log', async () => {
    await race('booth', '--methods', 'adam', '--steps', '5', '--json', '--out', 'damaged');
    const file = join(cwd, 'damaged', 'events.log');
    const log = readFileSync(file);
    log[100] ^= 1;
    writeFileSync(file, log);
    for (const args of [
      ['race', '--resume', 'damaged'],
      ['watch', 'damaged'],
    ]) {
      const { code, stderr } = await misused(...args);
      expect(code).toBe(2);
      expect(stderr).toContain('events.log');
    }
  });
});

describe("fluxion race on a user's module", () => {
  it('minimises a function without derivatives, in TypeScript', async () => {
    writeFileSync(
      join(cwd, 'bowl.ts'),
      "export default { name: 'bowl', start: [3, 4] as number[], value: (x: Float64Array) => x[0] ** 2 + x[1] ** 2 };\n",
    );
    const { code, stdout } = await race(
      './bowl.ts',
      '--methods',
      'sgd(learningRate=0.5)',
      '--steps',
      '3',
      '--json',
    );
    expect(code).toBe(0);
    const [{ x, value }] = resultOf(stdout).methods;
    expect(Math.abs(x[0]) + Math.abs(x[1])).toBeLessThan(1e-6); // one step of η = 1/L, but for the differences
    expect(value).toBeLessThan(1e-12);
  });

  it('takes a Hessian in rows, and says at once where one does not fit', async () => {
    const rows = (text: string) =>
      writeFileSync(
        join(cwd, 'rows.mjs'),
        `export default {
  name: 'rows', start: [1, 2],
  value: ([x, y]) => x * x + 3 * y * y, gradient: ([x, y]) => [2 * x, 6 * y], hessian: () => ${text},
};\n`,
      );
    rows('[[2, 0], [0, 6]]');
    const { code, stdout } = await race('./rows.mjs', '--methods', 'newton', '--steps', '2', '--json');
    expect(code).toBe(0);
    expect(resultOf(stdout).methods[0].path[1]).toEqual([0, 0]);
    rows('[[2], [0]]');
    const wrong = await race('./rows.mjs', '--methods', 'newton', '--out', 'never');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('expected 4 numbers, got 2') });
    expect(existsSync(join(cwd, 'never'))).toBe(false);
  });

  it.each([
    ['batches', 'batches: () => 3', 'batches: expected something iterable', 2],
    ['evaluate', 'evaluate: () => 3, batches: () => Array(9)', 'evaluate: expected { loss, accuracy? }', 1],
  ])('says what is wrong with %s', async (_, members, message, expected) => {
    writeFileSync(
      join(cwd, 'wrong.mjs'),
      `import * as tf from '@tensorflow/tfjs';
export default { name: 'm', parameters: () => tf.zeros([2]), loss: (x) => tf.sum(tf.square(x)), ${members} };\n`,
    );
    const { code, stderr } = await race('./wrong.mjs', '--backend', 'cpu', '--methods', 'adam', '--json');
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(expected);
  });

  it('takes batches by promise, or from a source that frees them itself', async () => {
    writeFileSync(
      join(cwd, 'sources.mjs'),
      `import * as tf from '@tensorflow/tfjs';
let alive = 0;
const cursor = {
  next: () => (alive++, tf.scalar(1)),
  release: (batch) => (alive--, batch.dispose()),
  state: () => null,
  restore() {},
  close: () => console.error('left:', alive),
};
const late = async () => [tf.scalar(1), tf.scalar(2)];
export default {
  name: 'sources',
  parameters: () => tf.scalar(0),
  loss: (x, batch) => tf.squaredDifference(x, batch),
  batches: () => (process.env.LATE ? late() : { open: () => cursor }),
};\n`,
    );
    const args = ['./sources.mjs', '--backend', 'cpu', '--methods', 'adam', '--steps', '4', '--json'];
    const own = await race(...args);
    expect(resultOf(own.stdout).methods[0].steps).toBe(4);
    expect(own.stderr).toContain('left: 0');
    vi.stubEnv('LATE', '1');
    const late = await race(...args);
    vi.unstubAllEnvs();
    expect(resultOf(late.stdout).methods[0].steps).toBe(2);
  });

  it('trains a model, and goes on with it bit for bit', async () => {
    writeFileSync(
      join(cwd, 'line.mjs'),
      `import * as tf from '@tensorflow/tfjs';
export default {
  name: 'line',
  parameters: (seed) => ({ slope: tf.randomNormal([], 0, 1, 'float32', seed), offset: tf.zeros([]) }),
  loss: ({ slope, offset }, { x, y }) => tf.mean(tf.squaredDifference(tf.add(tf.mul(slope, x), offset), y)),
  *batches(seed) {
    for (let i = 0; ; i++) {
      const x = tf.randomUniform([8], -1, 1, 'float32', seed + i);
      yield { x, y: tf.tidy(() => tf.add(tf.mul(x, 2), 1)) };
    }
  },
  evaluate: ({ slope }) => ({ loss: Math.abs(slope.dataSync()[0] - 2) }),
};
`,
    );
    const args = [
      './line.mjs',
      '--methods',
      'adam(learningRate=0.05)',
      '--steps',
      '250',
      '--json',
      '--backend',
      'cpu',
    ];
    const whole = await race(...args, '--out', 'line');
    expect(whole.code, whole.stderr).toBe(0);
    const [{ loss, accuracy, steps }] = resultOf(whole.stdout).methods;
    expect(loss).toBeLessThan(0.1);
    expect([accuracy, steps]).toEqual([undefined, 250]);
    const killed = await fluxion(['race', ...args, '--out', 'line-killed', '--no-open'], cwd, (child) => {
      const waiting = setInterval(() => {
        if (!existsSync(join(cwd, 'line-killed', 'checkpoints', 'adam.safetensors'))) return;
        clearInterval(waiting);
        child.kill('SIGKILL');
      }, 2);
      child.on('exit', () => clearInterval(waiting));
    });
    expect(killed.code).toBeNull();
    const model = readFileSync(join(cwd, 'line.mjs'), 'utf8');
    writeFileSync(join(cwd, 'line.mjs'), model.replace('offset: tf.zeros([])', 'offset: tf.zeros([1])'));
    expect(await fluxion(['race', '--resume', 'line-killed', '--no-open'], cwd)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("'offset' has shape [1] in line, [] in the checkpoint"),
    });
    writeFileSync(join(cwd, 'line.mjs'), model);
    const checkpoint = join(cwd, 'line-killed', 'checkpoints', 'adam.safetensors');
    const good = readFileSync(checkpoint);
    writeFileSync(checkpoint, good.with(good.length - 1, good[good.length - 1] ^ 1));
    expect(await misused('race', '--resume', 'line-killed')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('adam.safetensors'),
    });
    writeFileSync(checkpoint, good);
    const { pipeline, ...rest } = readCheckpoint(checkpoint);
    const other = pipeline.map(({ name, options }) =>
      name === 'scaleByMoments' ? { name: 'momentum', options: { beta: 0.9 } } : { name, options },
    );
    writeCheckpoint(checkpoint, { ...rest, pipeline: other });
    const log = readFileSync(join(cwd, 'line-killed', 'events.log'));
    expect(await misused('race', '--resume', 'line-killed')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'operator 2 of the pipeline was momentum {"beta":0.9} in the checkpoint',
      ),
    });
    expect(readFileSync(join(cwd, 'line-killed', 'events.log'))).toEqual(log);
    writeFileSync(checkpoint, good);
    cpSync(join(cwd, 'line-killed'), join(cwd, 'line-lost'), { recursive: true });
    rmSync(join(cwd, 'line-lost', 'checkpoints', 'adam.safetensors'));
    const [resumed, begunAgain] = await Promise.all(
      ['line-killed', 'line-lost'].map((one) =>
        fluxion(['race', '--resume', one, '--json', '--no-open'], cwd),
      ),
    );
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).not.toContain('begins at the start again');
    expect(begunAgain.code, begunAgain.stderr).toBe(0);
    expect(begunAgain.stderr).toMatch(
      /adam: took \d+ steps, but .* checkpoint.*; it begins at the start again/,
    );
    for (const folder of ['line-killed', 'line-lost']) {
      expect(readFileSync(join(cwd, folder, 'adam.safetensors')), folder).toEqual(
        readFileSync(join(cwd, 'line', 'adam.safetensors')),
      );
    }
  });

  it.each([
    ['no-value.mjs', "export default { name: 'f', start: [1] };", "lacks 'value', a function"],
    [
      'no-start.mjs',
      "export default { name: 'f', value: () => 0 };",
      "lacks 'start', a list of finite numbers",
    ],
    [
      'no-loss.mjs',
      "export default { name: 'm', parameters() {}, batches() {} };",
      "lacks 'loss', a function",
    ],
    ['number.mjs', 'export default 3;', 'got number'],
    ['broken.mjs', 'export default {', 'does not load'],
  ])('says what is wrong with %s', async (file, text, message) => {
    writeFileSync(join(cwd, file), text);
    const { code, stderr } = await misused('race', `./${file}`, '--out', 'never');
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(join(cwd, 'never'))).toBe(false);
  });
});

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

describe('fluxion --help', () => {
  it('teaches by examples, and lists every method with its defaults', async () => {
    const [all, race] = await Promise.all([fluxion(['--help'], cwd), fluxion(['race', '--help'], cwd)]);
    expect([all.code, race.code]).toEqual([0, 0]);
    expect(all.stdout).toContain('fluxion race mnist');
    expect(race.stdout).toMatch(/adam\n +learningRate=0\.001 +η/);
    expect(race.stdout).toMatch(/rosenbrock\(n=2\)/);
  });
});
