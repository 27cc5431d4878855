import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { adam, float64, momentum } from '../../../src/index.js';
import { subjectOf } from '../../subjects/adapt.js';
import { describeLaws } from '../../vitest.js';

// What holds shows here, each law a test of this file.
describeLaws(momentum({ learningRate: 0.1 }), {
  name: 'a method of ours',
  runs: 20,
  laws: ['U1', 'U5', '4', '9b'],
});
describeLaws(subjectOf(float64, 'adam', adam), { runs: 20, laws: ['48', '50'] });
describeLaws((x: Float64Array, g: Float64Array) => x.map((xi, i) => xi - 0.1 * g[i]), { runs: 20 });

const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, 'spec/tests/check/.broken');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('what breaks fails with the law and the smallest example', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'broken.test.ts'),
    `import { describeLaws } from '../../../vitest.js';
describeLaws({ name: 'mine', step: (x, g) => x.map((xi, i) => xi + 0.1 * g[i]) }, {
  claims: 'gradientDescent', options: { learningRate: 0.1 }, runs: 20, laws: ['U1', 'A', '2'],
});`,
  );
  const args = ['vitest', 'run', join(folder, 'broken.test.ts'), '--reporter=json'];
  const output = await new Promise<string>((done) => {
    const env = { ...process.env, NO_COLOR: '1' };
    execFile('npx', args, { cwd: root, env, maxBuffer: 2 ** 26 }, (_, stdout) => done(stdout));
  });
  const { testResults } = JSON.parse(output.slice(output.indexOf('{')));
  const tests = testResults[0].assertionResults as {
    title: string;
    status: string;
    failureMessages: string[];
  }[];
  expect(tests.map(({ title, status }) => [title, status])).toEqual([
    ['U1 deterministic', 'passed'],
    ['A agreement', 'failed'],
    ['2 sufficient decrease', 'skipped'],
  ]);
  expect(tests[1].failureMessages[0]).toMatch(
    /on {8}\[\{learningRate: 0\.1\}.*\nwhat {6}update 1, entry 0\nexpected {2}-0\.1\ngot {7}0\.1/,
  );
});
