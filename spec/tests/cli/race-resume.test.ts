import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../../dashboard/record/checkpoint/index.js';
import { readLog } from '../../../dashboard/record/log/index.js';
import { races, resultOf } from './races.js';
import { fluxion } from './run-cli.js';

const { cwd, race, misused, interrupted } = races();

describe('fluxion race goes on bit for bit', () => {
  const args = [
    'rosenbrock',
    '--methods',
    'momentum(learningRate=1e-4),adam,lbfgs(search=fixedStep(1e-3))',
    '--steps',
    '2000',
    '--json',
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
    whole = await race(...args, '--out', 'whole');
  });

  it('after it was killed', async () => {
    const killed = await interrupted([...args, '--out', 'killed'], {
      file: 'killed/events.log',
      length: 60_000,
      signal: 'SIGKILL',
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
    const stopped = await interrupted([...args, '--out', 'interrupted'], {
      file: 'interrupted/events.log',
      length: 60_000,
      signal: 'SIGINT',
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('--resume');
    const kinds = resultOf(stopped.stdout).methods.map(
      (method: { outcome: { kind: string } }) => method.outcome.kind,
    );
    expect(kinds).toContain('stopped');
    const other = await misused('race', 'booth', '--resume', 'interrupted');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('is a race on rosenbrock') });
    expect(kindsIn('interrupted')).toEqual(['stop terminal']);
    const messages = resultOf(stopped.stdout).methods.map(
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
      './changed.mjs',
      '--methods',
      methods,
      '--steps',
      '10000000',
      '--json',
      '--out',
      'changed',
    ];
    const { code } = await interrupted(started, {
      file: 'changed/events.log',
      length: 20_000,
      signal: 'SIGINT',
    });
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
    const killed = await interrupted([...args, '--out', 'line-killed'], {
      file: 'line-killed/checkpoints/adam.safetensors',
      length: 1,
      signal: 'SIGKILL',
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
});
