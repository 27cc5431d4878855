import * as tf from '@tensorflow/tfjs';
import { afterAll, expect, it } from 'vitest';
import { chosenMethods, contestantsOf, underSeeds } from '../../../dashboard/cli/arguments/chosen-methods.js';
import { routesOf } from '../../../dashboard/cli/race/routes.js';
import type { ModelSetting } from '../../../dashboard/cli/race/setting.js';
import { routingLines } from '../../../dashboard/cli/terminal/routing-lines.js';
import { kfac, kfacFixed } from '../../../src/index.js';
import { classification, mlp, tensors, tinyVit, useBackend } from '../../../src/tensors/index.js';
import { chain, grouped, learningRate } from '../../../src/transforms/index.js';
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

it('the table is that of the method itself: its blocks, merged kernels and groups, under every seed', async () => {
  await useBackend('cpu');
  const batch = {
    inputs: tf.randomUniform([4, 5], 0, 1, 'float32', 1),
    labels: tf.tensor1d([0, 2, 1, 0], 'int32'),
  };
  const setting = {
    kind: 'model',
    problem: classification(mlp([5, 6, 3])),
    source: () => [batch],
  } as unknown as ModelSetting;
  const before = tensors.live();
  const half = {
    ...chain(
      grouped((path) => (path.startsWith('layer1') ? 'curved' : 'plain'), {
        curved: chain(...kfacFixed().parts),
        plain: learningRate(0.1),
      }),
    ),
    name: 'half',
  };
  const tables = await routesOf(
    setting,
    underSeeds(contestantsOf([kfac({ blocks: /layer2/ }), kfacFixed({ merged: /layer1/ }), half]), [1, 2]),
    1,
  );
  expect(tables.slice(3)).toEqual(tables.slice(0, 3));
  const told = tables
    .slice(0, 3)
    .map((table) => table?.map(({ path, block, sides }) => `${path} ${sides ?? block}`));
  expect(told).toEqual([
    ['layer1/kernel diagonal', 'layer1/bias diagonal', 'layer2/kernel 7,3', 'layer2/bias kronecker'],
    [
      ...['query', 'key', 'value'].flatMap((part) => [
        `layer1/kernel/${part} 6,2`,
        `layer1/bias/${part} kronecker`,
      ]),
      ...['layer2/kernel 7,3', 'layer2/bias kronecker'],
    ],
    ['layer1/kernel 6,6', 'layer1/bias kronecker'],
  ]);
  expect(tables[0]!.slice(0, 2).map(({ reason }) => reason)).toEqual(['not selected', 'not selected']);
  expect(tensors.live()).toBe(before);
});
