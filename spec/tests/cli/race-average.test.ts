import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCheckpoint, readParameters } from '../../../dashboard/record/checkpoint/index.js';
import type { SavedArray } from '../../../src/index.js';
import { races, resultOf } from './races.js';

const { cwd, race } = races();

it('evaluates and keeps the average of a method that averages, and goes on from the parameters', async () => {
  writeFileSync(
    join(cwd, 'slope.mjs'),
    `import * as tf from '@tensorflow/tfjs';
export default {
  name: 'slope',
  parameters: () => ({ slope: tf.scalar(-1) }),
  loss: ({ slope }, x) => tf.mean(tf.squaredDifference(tf.mul(slope, x), tf.mul(x, 2))),
  *batches(seed) {
    for (let i = 0; ; i++) yield tf.randomUniform([8], -1, 1, 'float32', seed + i);
  },
  evaluate: ({ slope }) => ({ loss: slope.dataSync()[0] }),
};
`,
  );
  const args = [
    './slope.mjs',
    '--methods',
    'scheduleFreeSgd(learningRate=0.3)',
    '--steps',
    '40',
    '--backend',
    'cpu',
  ];
  const { code, stdout, stderr } = await race(...args, '--json', '--out', 'run');
  expect(code, stderr).toBe(0);
  const [{ loss }] = resultOf(stdout).methods;
  const kept = readParameters(join(cwd, 'run', 'scheduleFreeSgd.safetensors')).get('slope')!;
  const { parameters, pipeline, slots } = readCheckpoint(
    join(cwd, 'run', 'checkpoints', 'scheduleFreeSgd.safetensors'),
  );
  const { slope: held } = parameters as Record<string, SavedArray>;
  const state = slots[pipeline.findIndex(({ name }) => name === 'primalAverage')];
  const { average } = state as unknown as { average: Record<string, SavedArray> };
  expect(loss).toBe(kept.data[0]);
  expect(kept.data[0]).toBe(average.slope.data[0]);
  expect(kept.data[0]).not.toBe(held.data[0]);
});
