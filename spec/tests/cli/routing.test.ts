import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, it } from 'vitest';
import { chosenMethods } from '../../../dashboard/cli/arguments/chosen-methods.js';
import { routesOf } from '../../../dashboard/cli/race/routes.js';
import type { ModelSetting } from '../../../dashboard/cli/race/setting.js';
import { routingLines } from '../../../dashboard/cli/terminal/routing-lines.js';
import { classification, tensors, tinyVit, useBackend } from '../../../src/tensors/index.js';
import { fluxion, jsonLines, temporaryFolder } from './run-cli.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('a race says which parameter gets which block: in --json, and in a line for a person', async () => {
  const args = ['race', 'mnist', '--methods', 'kfac,adam', '--steps', '1', '--batch', '8', '--no-open'];
  const { stdout } = await fluxion([...args, '--json'], folder.path);
  const lines = jsonLines(stdout);
  const routing = lines.filter(({ event }) => event === 'routing');
  expect(routing.map(({ label }) => label)).toEqual(['kfac']);
  const sides = routing[0].routes.flatMap((route: { sides?: number[] }) =>
    route.sides ? [route.sides] : [],
  );
  expect(sides.sort()).toEqual([
    [129, 64],
    [65, 10],
    [785, 128],
  ]);
  expect(routing[0].routes).toHaveLength(6);
  const { stdout: printed } = await fluxion(args, folder.path);
  expect(printed).toContain('kfac: 6 parameters in Kronecker blocks\n');
});

it('the routing table of the vision transformer is the one in docs, and telling it leaves nothing behind', async () => {
  await useBackend('cpu');
  const batch = {
    inputs: tf.randomUniform([2, 3_072], 0, 1, 'float32', 1),
    labels: tf.tensor1d([3, 7], 'int32'),
    seed: 1,
  };
  const setting = {
    kind: 'model',
    problem: classification(tinyVit()),
    source: () => [batch],
  } as unknown as ModelSetting;
  const before = tensors.live();
  const contestants = chosenMethods('kfac,adam');
  const [routes, none] = await routesOf(setting, contestants, 1);
  expect(tensors.live()).toBe(before);
  expect(none).toBeUndefined();
  const rows = routes!.map(
    ({ path, block, sides, reason }) =>
      `| \`${path}\` | ${block} | ${sides?.map((side) => `${side}²`).join(' ⊗ ') ?? ''} | ${reason} |`,
  );
  await expect(`# The routing table of the vision transformer

Which block of the curvature each parameter of \`tinyVit()\` gets from \`kfac()\` and why, found by the provenance of its
gradient: no layer is registered, named or wrapped. A race shows the table of its own model on the page, below the
pipeline, and as \`{ "event": "routing" }\` in \`--json\`; \`longestSide\` and \`blocks\` of \`kfac\` change it, and \`grouped\` gives
parameters to other methods. A kernel [in, 3·n] that holds queries, keys and values side by side is one block; with
\`kfac({ merged: mergedAttention })\` it is three, \`…/qkv/kernel/query\` and so on, and so in \`shampoo\`, \`soap\` and \`muon\`. Held by \`spec/tests/cli/routing.test.ts\`.

| parameter | block | factors | why |
|---|---|---|---|
${rows.join('\n')}
`).toMatchFileSnapshot('../../../docs/routing.md');
  const description = { name: 'kfac', label: 'kfac', options: {}, operators: [], routes };
  const [line, ...more] = routingLines([description, { ...description, label: 'adam', routes: undefined }]);
  expect(more).toEqual([]);
  expect(line).toMatch(/^kfac: \d+ parameters in Kronecker blocks, \d+ diagonal \(/);
});
