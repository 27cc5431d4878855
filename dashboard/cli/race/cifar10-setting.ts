import { flag, type OptionsOf } from '../../../src/algebra/option.js';
import {
  adahessianAsPublished,
  adahessianForVisionTransformer,
  clippedDiagonalNewtonAsPublished,
  diagonalNewtonForVisionTransformer,
  fisherAdamAsPublished,
  fisherAdamForVisionTransformer,
  gaussNewtonAsPublished,
  gaussNewtonForVisionTransformer,
  shampooForVisionTransformer,
} from '../../../src/methods/index.js';
import {
  type Cifar10Options,
  cifar10,
  cifar10Options,
  classification,
  kernelsInUse,
  tinyVit,
} from '../../../src/tensors/index.js';
import { batches } from '../../../streams/index.js';
import type { ModelSetting } from './setting.js';

export interface Cifar10RaceOptions extends Cifar10Options {
  /** Whether the errors of the published code are kept. */
  asPublished?: boolean;
}

export const cifar10RaceOptions: OptionsOf<Cifar10RaceOptions> = {
  ...cifar10Options,
  asPublished: flag(false, 'whether the errors of the published code are kept'),
};

/** The published rates and constants, once with their errors and once without; K-FAC was described, and left out. */
function methods(asPublished: boolean): string {
  return [
    call('gradientDescent', { learningRate: 0.01 }),
    call(
      'clippedDiagonalNewton',
      asPublished ? clippedDiagonalNewtonAsPublished : diagonalNewtonForVisionTransformer,
    ),
    call('adahessian', asPublished ? adahessianAsPublished : adahessianForVisionTransformer),
    call('naturalGradient', asPublished ? gaussNewtonAsPublished : gaussNewtonForVisionTransformer),
    call('adam', adamWithoutMomentum),
    call('adam', { ...adamWithoutMomentum, exponent: 1 }),
    call('fisherAdam', asPublished ? fisherAdamAsPublished : fisherAdamForVisionTransformer),
    call('shampoo', shampooForVisionTransformer),
    ...(asPublished ? [] : ['kfac']),
  ].join(',');
}

const adamWithoutMomentum = { learningRate: 0.001, beta1: 0, beta2: 0.999, epsilon: 1e-6 };

/** A method with its options as one types it. */
function call(name: string, options: Readonly<Record<string, number | string | boolean>>): string {
  const typed = Object.entries(options).map(([option, value]) => `${option}=${value}`);
  return `${name}(${typed.join(',')})`;
}

/** Steps as many as a laptop takes in an hour; the published runs have 20,000. */
const steps = 300;

/**
 * The vision transformer of the published experiment on CIFAR-10, batches drawn with replacement; those of
 * Gauss–Newton, `naturalGradient` with the exact Fisher matrix, are a quarter as large.
 *
 * @param asked the problem as typed, with its options
 */
export async function cifar10Problem(
  asked: string,
  { asPublished = false, ...images }: Cifar10RaceOptions,
  { batch, backend }: { readonly batch: number; readonly backend: string },
): Promise<ModelSetting> {
  const [train, test] = await Promise.all([cifar10('train', images), cifar10('test')]);
  const source = (seed: number, size: number) => batches(train, { size, seed, replacement: true });
  source(0, batch); // says at once where the size is wrong
  const { present, whole } = train.files;
  const setting = {
    kind: 'model' as const,
    name: 'cifar10',
    asked,
    ...(present < whole && {
      note: `cifar10: ${present} of the ${whole} training files are there: ${train.size} images in place of 50000`,
    }),
    // The published code appends the class token and reads out what stands first, a patch.
    problem: classification(tinyVit(asPublished ? { classToken: 'last', readout: 'first' } : {}), { test }),
    source: (seed: number, method: string) =>
      source(seed, method === 'naturalGradient' ? Math.max(1, Math.floor(batch / 4)) : batch),
    batch,
    backend,
    kernels: kernelsInUse(),
    defaults: { methods: methods(asPublished), steps },
    evaluateEvery: 500,
    checkpointEvery: 100,
    smoothing: 100,
  };
  return setting as ModelSetting;
}
