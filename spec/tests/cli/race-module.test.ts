import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { races, resultOf } from './races.js';

const { cwd, race, misused } = races();

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
