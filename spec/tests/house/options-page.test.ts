import { expect, test } from 'vitest';
import { raceOptions } from '../../../dashboard/cli/race/race.js';
import { watch } from '../../../dashboard/index.js';
import { dashboardOptions } from '../../../dashboard/server/start-dashboard.js';
import { watchOptions } from '../../../dashboard/watch/shown-run.js';
import { type Option, shownDefault } from '../../../src/algebra/option.js';
import { conjugateGradientsOptions } from '../../../src/curvature/conjugate-gradients.js';
import { adam } from '../../../src/index.js';
import { pseudoinverse, pseudoinverseOptions } from '../../../src/linalg/pseudoinverse.js';
import { qr, qrOptions } from '../../../src/linalg/qr.js';
import { leastSquaresLimits } from '../../../src/methods/least-squares.js';
import { minimizeLimits } from '../../../src/methods/minimize.js';
import { asOptimizerOptions } from '../../../src/tensors/as-optimizer.js';
import { reconstructionOptions } from '../../../src/tensors/autoencoder.js';
import { cifar10Options } from '../../../src/tensors/cifar10.js';
import { classification, classificationOptions } from '../../../src/tensors/classification.js';
import { mlp, mlpOptions } from '../../../src/tensors/mlp.js';
import { regression, regressionOptions } from '../../../src/tensors/regression.js';
import { tinyVitOptions } from '../../../src/tensors/tiny-vit.js';
import { wasmOptions } from '../../../src/tensors/wasm/start.js';
import { batchesOptions } from '../../../streams/batches.js';
import { checkpointOptions } from '../../../streams/checkpoint-every.js';
import { evaluateOptions } from '../../../streams/evaluate.js';
import { iterateOptions } from '../../../streams/iterate.js';
import { lifted, liftedOptions } from '../../../streams/lifted.js';
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
  watch: watchOptions,
  useBackend: wasmOptions,
  classification: classificationOptions,
  regression: regressionOptions,
  lifted: liftedOptions,
  qr: qrOptions,
  pseudoinverse: pseudoinverseOptions,
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

test.each(Object.entries(documented))('every option of %s refuses what it cannot be', (of, options) => {
  for (const [name, option] of Object.entries(options)) {
    expect(() => option.check(of, name, Symbol('none')), name).toThrow(`${of}(${name}): expected `);
  }
});

test('what is wrong in an option is told when it is given', () => {
  const matrix = Float64Array.of(1, 0, 0, 1);
  const model = mlp([2, 2]);
  const misuse: [() => unknown, string][] = [
    [() => watch({ name: 3 as never }), 'watch(name): expected a text, got 3'],
    [() => watch({ port: 70_000 }), 'watch(port): expected a whole number in [0, 65535], got 70000'],
    [() => watch({ path: 'x' } as never), 'watch(path): expected one of name, directory, port, onAddress'],
    [() => classification(model, { test: [] as never }), 'classification(test): expected examples, such as'],
    [
      () => regression(model, { loss: 'mse' as never }),
      'regression(loss): expected a loss of outputs and targets',
    ],
    [
      () => lifted(adam(), { thread: 2 as never }),
      'lifted(thread): expected a function that opens a workplace',
    ],
    [() => qr(matrix, 2, 2, { pivoting: 1 as never }), 'qr(pivoting): expected true or false, got 1'],
    [
      () => pseudoinverse(matrix, 2, 2, { cutoff: 2 }),
      'pseudoinverse(cutoff): expected a number in [0, 1), got 2',
    ],
  ];
  for (const [wrong, message] of misuse) expect(wrong).toThrow(message);
});
