import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fluxion, temporaryFolder } from './run-cli.js';

const model = `import * as tf from '@tensorflow/tfjs';
export default {
  name: 'line',
  parameters: () => ({ slope: tf.zeros([]) }),
  loss: ({ slope }, { x, y }) => tf.mean(tf.square(tf.sub(tf.mul(slope, x), y))),
  *batches(seed) {
    for (;;) yield { x: tf.tensor1d([1, 2, seed]), y: tf.tensor1d([3, 5, 7]) };
  },
};
`;

/** What stands in the way in a copy of a record, and what is said. */
const obstacles: Readonly<Record<string, [what: (folder: string) => void, said: RegExp]>> = {
  'a pipe for the log': [
    (folder) => {
      rmSync(join(folder, 'events.log'));
      execFileSync('mkfifo', [join(folder, 'events.log')]);
    },
    /^--resume: \S+events\.log: expected a file, but a pipe stands there\n$/,
  ],
  'a folder for the log': [
    (folder) => {
      rmSync(join(folder, 'events.log'));
      mkdirSync(join(folder, 'events.log'));
    },
    /^--resume: \S+events\.log: expected a file, but a folder stands there\n$/,
  ],
  'a folder for the lock': [
    (folder) => mkdirSync(join(folder, 'events.lock')),
    /^--resume: \S+events\.lock: expected a file, but a folder stands there\n$/,
  ],
  'a link to nowhere for the lock': [
    (folder) => symlinkSync('nowhere', join(folder, 'events.lock')),
    /^--resume: \S+events\.lock: cannot be made, yet nothing can be read there; delete it\n$/,
  ],
  'a folder for a checkpoint': [
    (folder) => {
      rmSync(join(folder, 'checkpoints/sgd.safetensors'), { force: true });
      rmSync(join(folder, 'checkpoints/momentum.safetensors'));
      mkdirSync(join(folder, 'checkpoints/momentum.safetensors'));
    },
    /^--resume: \S+momentum\.safetensors: expected a file, but a folder stands there\n$/,
  ],
  'the checkpoint of another seed': [
    (folder) =>
      cpSync(join(folder, '../seed2/checkpoints'), join(folder, 'checkpoints'), { recursive: true }),
    /^--resume: the checkpoint is of seed 2, the record of seed 1: it is another run's\n$/,
  ],
  'a checkpoint behind the end of the record': [
    (folder) =>
      cpSync(join(folder, '../longer/checkpoints'), join(folder, 'checkpoints'), { recursive: true }),
    /^--resume: the checkpoint is at step 8, but the record ends at step 4: /,
  ],
};

test('what stands in the way of a record is said in a sentence with exit code 2, and no lock is left', async () => {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  writeFileSync(join(path, 'line.mjs'), model);
  const begun = (out: string, more: readonly string[]) =>
    fluxion(['race', './line.mjs', '--methods', 'momentum', '--out', out, '--no-open', ...more], path);
  const races = [
    begun('whole', ['--steps', '4']),
    begun('seed2', ['--steps', '4', '--seed', '2']),
    begun('longer', ['--steps', '8']),
  ];
  for (const { code, stderr } of await Promise.all(races)) expect([code, stderr]).toStrictEqual([0, '']);
  for (const [name, [put, said]] of Object.entries(obstacles)) {
    const folder = join(path, 'copy');
    rmSync(folder, { recursive: true, force: true });
    cpSync(join(path, 'whole'), folder, { recursive: true });
    put(folder);
    const { code, stdout, stderr } = await fluxion(
      ['race', '--resume', relative(path, folder), '--no-open'],
      path,
    );
    expect([name, code, stdout]).toStrictEqual([name, 2, '']);
    expect(stderr).toMatch(said);
    expect(name.endsWith('for the lock') || !existsSync(join(folder, 'events.lock'))).toBe(true);
  }
  writeFileSync(join(path, 'runs'), '');
  const inTheWay = await fluxion(['race', 'rosenbrock', '--methods', 'bfgs', '--no-open'], path);
  expect([inTheWay.code, inTheWay.stderr]).toStrictEqual([
    2,
    `${join(path, 'runs')}: a file stands in the place of a folder\n`,
  ]);
});
