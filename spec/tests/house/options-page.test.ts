import { expect, test } from 'vitest';
import { raceOptions } from '../../../dashboard/cli/race/race.js';
import { dashboardOptions } from '../../../dashboard/server/start-dashboard.js';
import { type Option, shownDefault } from '../../../src/algebra/option.js';
import { conjugateGradientsOptions } from '../../../src/curvature/conjugate-gradients.js';
import { leastSquaresLimits } from '../../../src/methods/least-squares.js';
import { minimizeLimits } from '../../../src/methods/minimize.js';
import { asOptimizerOptions } from '../../../src/tensors/as-optimizer.js';
import { reconstructionOptions } from '../../../src/tensors/autoencoder.js';
import { cifar10Options } from '../../../src/tensors/cifar10.js';
import { mlpOptions } from '../../../src/tensors/mlp.js';
import { tinyVitOptions } from '../../../src/tensors/tiny-vit.js';
import { batchesOptions } from '../../../streams/batches.js';
import { checkpointOptions } from '../../../streams/checkpoint-every.js';
import { evaluateOptions } from '../../../streams/evaluate.js';
import { iterateOptions } from '../../../streams/iterate.js';
import { stopEarlyOptions } from '../../../streams/stop-early.js';
import { trainOptions } from '../../../streams/train.js';
import { checkOptions } from '../../check.js';

const documented: Readonly<Record<string, Readonly<Record<string, Option<unknown>>>>> = {
  minimize: minimizeLimits,
  leastSquares: leastSquaresLimits,
  conjugateGradients: conjugateGradientsOptions,
  train: trainOptions,
  batches: batchesOptions,
  evaluate: evaluateOptions,
  stopEarly: stopEarlyOptions,
  checkpoint: checkpointOptions,
  iterate: iterateOptions,
  cifar10: cifar10Options,
  mlp: mlpOptions,
  tinyVit: tinyVitOptions,
  reconstruction: reconstructionOptions,
  asOptimizer: asOptimizerOptions,
  check: checkOptions,
  startDashboard: dashboardOptions,
  race: raceOptions,
};

const page = () => `# Options

What is not a method, a search or a test function (those are in [methods.md](methods.md)). Made from the code by a test.
Callbacks, signals and sets of examples are handed in besides. An option without a default must be given.

| | option | default | allowed | meaning |
|---|---|---|---|---|
${Object.entries(documented)
  .flatMap(([of, options]) => rows(of, options))
  .join('\n')}
`;

function rows(of: string, options: Readonly<Record<string, Option<unknown>>>): string[] {
  return Object.entries(options).map(([name, option], i) => {
    const value = option.usually ?? shownDefault(option.default).replace('Infinity', '∞');
    const cells = [i === 0 ? `\`${of}\`` : '', `\`${name}\``, value, option.domain, option.meaning];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
}

test('docs/options.md lists the options as the code describes them', async () => {
  await expect(page()).toMatchFileSnapshot('../../../docs/options.md');
});

test.each(Object.entries(documented))('every default of %s is allowed', (of, options) => {
  for (const [name, option] of Object.entries(options)) {
    if (option.default !== undefined) option.check(of, name, option.default);
  }
});
