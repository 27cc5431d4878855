import * as tf from '@tensorflow/tfjs';
import {
  adahessian,
  adam,
  batchGaussNewton,
  fisherAdam,
  gaussNewtonForVisionTransformer,
  gradientDescent,
  kfac,
  kfacFixed,
  type Method,
  muon,
  naturalGradient,
  onBatch,
  shampoo,
  soap,
} from '../../src/index.js';
import { classification, kernelsInUse, tinyVit, useBackend } from '../../src/tensors/index.js';
import { stepping } from './stepping.js';
import { median } from './tfjs-way.js';
import { vitBatch } from './tiny-vit-contest.js';

interface Contestant {
  readonly name: string;
  readonly method: Method;
  /** Steps after which its work repeats. */
  readonly period: number;
  readonly goal: string;
}

/** At batch 128. */
const contestants: readonly Contestant[] = [
  { name: 'adam', method: adam(), period: 1, goal: '1.05' },
  // At rates with which the batch of noise can be fitted: where a run diverges, the residuals of its sampled labels are
  // subnormal numbers, and products with those take three times as long.
  { name: 'fisherAdam', method: fisherAdam({ learningRate: 1e-4 }), period: 1, goal: '1.8' },
  { name: 'adahessian', method: adahessian({ learningRate: 1e-3 }), period: 1, goal: '2.9' },
  {
    name: 'adahessian every 10',
    method: adahessian({ learningRate: 1e-3, every: 10 }),
    period: 10,
    goal: '1.2',
  },
  { name: 'shampoo every 10', method: shampoo({ every: 10 }), period: 10, goal: '1.25' },
  { name: 'soap every 10', method: soap({ every: 10 }), period: 10, goal: '1.5' },
  { name: 'muon', method: muon(), period: 1, goal: '1.3' },
  {
    name: 'kfacFixed every 10',
    method: kfacFixed({ statisticsEvery: 10, inversesEvery: 10 }),
    period: 10,
    goal: '1.4',
  },
  { name: 'kfac', method: kfac(), period: 5, goal: '3.5' },
];

/** At batch 32. */
const smaller: readonly Contestant[] = [
  {
    name: 'sampled, λ and η fixed',
    method: naturalGradient({ fisher: 'sampled', by: 'lowRank', damping: 1, learningRate: 0.01 }),
    period: 1,
    goal: '3',
  },
  {
    name: 'exact, λ and η fixed',
    method: naturalGradient(gaussNewtonForVisionTransformer),
    period: 1,
    goal: '45 (20 native)',
  },
  {
    name: 'Gauss–Newton, sampled',
    method: batchGaussNewton({ fisher: 'sampled', by: 'lowRank' }),
    period: 1,
    goal: '3',
  },
  {
    name: 'Gauss–Newton, exact',
    method: batchGaussNewton({ by: 'lowRank' }),
    period: 1,
    goal: '45 (20 native)',
  },
];

/** Milliseconds a step over those of gradient descent on TinyViT, side by side in one run, and the peak of memory. */
export async function benchSteps(): Promise<void> {
  await useBackend();
  console.log(`Steps on tinyVit, ${kernelsInUse()}, in those of gradient descent`);
  await race(128, contestants);
  await race(32, smaller);
}

async function race(examples: number, all: readonly Contestant[]): Promise<void> {
  const base = training(gradientDescent(), examples);
  const { peakBytes } = await tf.profile(() => base.step());
  console.log(`batch ${examples}: gradientDescent, peak ${mebibytes(peakBytes)}`);
  for (const { name, method, period, goal } of all) {
    const run = training(method, examples);
    // K-FAC inverts at each of its first ten steps, which is not what a step costs.
    for (let step = 0; step < (name.startsWith('kfac') ? 10 : 2); step++) run.step();
    const [mine, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < Math.max(3, period); round++) {
      theirs.push(base.timedStep());
      mine.push(run.timedStep());
    }
    const { peakBytes } = await tf.profile(() => run.step());
    run.release();
    // A period's rare long step counts with the others.
    const mean = period === 1 ? median(mine) : sum(mine) / mine.length;
    const plain = median(theirs);
    console.log(
      `  ${name.padEnd(22)} ${(mean / plain).toFixed(2).padStart(6)}   goal ${goal.padEnd(15)} of ${plain.toFixed(0)} ms` +
        `   peak ${mebibytes(peakBytes)}`,
    );
  }
  base.release();
}

const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

const sum = (xs: readonly number[]) => xs.reduce((total, x) => total + x, 0);

function training(method: Method, examples: number) {
  const problem = classification(tinyVit());
  const batch = vitBatch(examples);
  const run = stepping(
    method,
    problem,
    onBatch(problem, () => batch),
  );
  return {
    step: run.step,
    timedStep() {
      const from = performance.now();
      run.step();
      return performance.now() - from;
    },
    release() {
      run.release();
      tf.dispose([batch.inputs, batch.labels]);
    },
  };
}
