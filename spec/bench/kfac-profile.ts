import * as tf from '@tensorflow/tfjs';
import {
  gradientDescent,
  type Method,
  type Objective,
  onBatch,
  type Problem,
  Random,
} from '../../src/index.js';
import { start } from '../../src/tensors/backend.js';
import {
  autoencoder,
  type Batch,
  classification,
  kernelsInUse,
  reconstruction,
  tensors,
  tinyVit,
  useBackend,
} from '../../src/tensors/index.js';
import { kroneckerCurvature, type Preconditioner, quadraticSteps } from '../../src/transforms/index.js';
import { stepping } from './stepping.js';
import { median } from './tfjs-way.js';
import { vitBatch } from './tiny-vit-contest.js';

/**
 * Where a step of K-FAC goes, beside one of gradient descent: processor time by part, kernels, operations in products and
 * reads from the device; on TinyViT and the deep autoencoder, natively and on WebAssembly.
 */
export async function bench(): Promise<void> {
  for (const name of ['tfjs-node', 'wasm'] as const) {
    if ((await start(name)) !== null) continue;
    await useBackend(name);
    await profile('tinyVit, batch 128', classification(tinyVit()), vitBatch(128));
    const autoencoded = reconstruction(autoencoder([784, 1_000, 500, 250, 30]), { ridge: 1e-5 });
    await profile('autoencoder, batch 1,000', autoencoded, imageLike(1_000));
  }
}

/** Inputs of which two thirds are 0. */
function imageLike(examples: number): Batch {
  const pixels = new Random(1).uniforms(784 * examples).map((x) => Math.max(0, 3 * x - 2));
  return { inputs: tensors.array(pixels, [examples, 784]), labels: tf.tensor1d([]), seed: 1 };
}

const steps = 3;

/** Processor time by part; what a part within another takes is not the other's. */
class Clock {
  readonly times = new Map<string, number>();
  readonly calls = new Map<string, number>();
  #stack: { name: string; inner: number }[] = [];
  on = false;

  in<R>(name: string, body: () => R): R {
    if (!this.on) return body();
    const from = spent();
    this.#stack.push({ name, inner: 0 });
    try {
      return body();
    } finally {
      const all = spent() - from;
      const { inner } = this.#stack.pop()!;
      this.times.set(name, (this.times.get(name) ?? 0) + all - inner);
      this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
      const outer = this.#stack.at(-1);
      if (outer) outer.inner += all;
    }
  }
}

async function profile(title: string, problem: Problem<tf.Tensor, Batch>, batch: Batch) {
  const clock = new Clock();
  const inner = kroneckerCurvature();
  const curvature: Preconditioner = {
    ...inner,
    observe: (context, state) => clock.in('statistics', () => inner.observe(context, state)),
    refresh: (context, state, damping, force) =>
      clock.in('inverses', () => inner.refresh(context, state, damping, force)),
    solve: (context, state, damping) => clock.in('solve', () => inner.solve(context, state, damping)),
  };
  const base = onBatch(problem, () => batch);
  const objective: Objective<tf.Tensor> = {
    ...base,
    value: (x) => clock.in('value', () => base.value(x)),
    valueAndGradient: (x, keep) => clock.in('gradient', () => base.valueAndGradient(x, keep)),
    linearized: (x) => {
      const model = clock.in('recorded pass', () => base.linearized!(x));
      return {
        ...model,
        push: (v, paths) =>
          clock.in(paths === undefined ? 'push' : paths.size > 2 ? 'push most' : 'push one', () =>
            model.push(v, paths),
          ),
        layers: (labels, random) => clock.in('layers', () => model.layers!(labels, random)),
        loss: {
          ...model.loss,
          curvatureProduct: (v) => clock.in('loss product', () => model.loss.curvatureProduct(v)),
        },
      };
    },
  };
  const plain = stepping(gradientDescent(), problem, base);
  const run = stepping(quadraticSteps(curvature) as unknown as Method, problem, objective);
  for (let i = 0; i < 2; i++) run.step();
  for (let i = 0; i < 1; i++) plain.step();
  const [mine, theirs]: [number[], number[]] = [[], []];
  for (let i = 0; i < steps; i++) {
    theirs.push(timed(plain.step));
    clock.on = true;
    mine.push(timed(() => clock.in('rest', run.step)));
    clock.on = false;
  }
  const n = mine.length;
  const plainStep = median(theirs);
  const times = [...clock.times].map(([part, time]) => [part, time / n] as const);
  // They are made at each of the first steps, and at every fifth later.
  const later = times.map(([part, time]) => [part, part === 'inverses' ? time / 5 : time] as const);
  const whole = later.reduce((sum, [, time]) => sum + time, 0);
  console.log(
    `${title}, ${kernelsInUse()}: ${whole.toFixed(0)} ms of processor a step, gradient descent ${plainStep.toFixed(0)} ms, ` +
      `${(whole / plainStep).toFixed(2)}×`,
  );
  for (const [part, time] of later.sort((a, b) => b[1] - a[1])) {
    console.log(
      `  ${part.padEnd(16)} ${time.toFixed(1).padStart(8)} ms  ${(time / plainStep).toFixed(2)}×  ` +
        `${(clock.calls.get(part)! / n).toFixed(1)} calls`,
    );
  }
  for (const [which, step] of [
    ['gradient descent', plain.step],
    ['kfac', run.step],
  ] as const) {
    const reads: string[] = [];
    const dataSync = tf.Tensor.prototype.dataSync;
    tf.Tensor.prototype.dataSync = function (this: tf.Tensor) {
      reads.push(this.shape.join('x'));
      return dataSync.call(this);
    } as typeof dataSync;
    const seen = await tf.profile(() => step());
    tf.Tensor.prototype.dataSync = dataSync;
    const counts = new Map<string, number>();
    let operations = 0;
    for (const { name, inputShapes, outputShapes } of seen.kernels) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (!/MatMul|Dense/.test(name)) continue;
      const [entries, inputs] = [outputShapes[0], inputShapes[0]!].map((shape) =>
        tf.util.sizeFromShape(shape),
      );
      operations += (2 * entries * inputs) / (entries / outputShapes[0].at(-1)!);
    }
    const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 8);
    console.log(
      `  ${which}: ${seen.kernels.length} kernels, ${(operations / 1e9).toFixed(1)} GFLOP in products, ${reads.length} reads, peak ${(seen.peakBytes / 2 ** 20).toFixed(0)} MiB: ${top.map(([k, v]) => `${k} ${v}`).join(', ')}`,
    );
  }
  run.release();
  plain.release();
}

function timed(body: () => void): number {
  const from = spent();
  body();
  return spent() - from;
}

/** Milliseconds of processor that this process has had, all threads together: on a shared machine the clock lies. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
