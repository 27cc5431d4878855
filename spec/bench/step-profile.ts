import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { kernelsInUse, useBackend } from '../../src/tensors/index.js';
import { depthwiseModel, layersGradient, recurrentModel } from './layers-gradient.js';
import { lenetGradient } from './lenet.js';
import { rounds } from './rounds.js';
import { tinyVitGradient } from './tiny-vit-contest.js';

type Kernel = NonNullable<ReturnType<typeof tf.getKernel>>;

interface Span {
  milliseconds: number;
  calls: number;
  readonly ours: boolean;
}

/** Where the time of a gradient goes on WebAssembly: each kernel's own, those it calls left out. */
export async function bench(): Promise<void> {
  const stock = new Set(tf.getKernelsForBackend('wasm').map(({ kernelFunc }) => kernelFunc));
  await useBackend('wasm');
  const gradients = {
    TinyViT: tinyVitGradient(0),
    'LeNet-5': lenetGradient(),
    'depthwise convolutions': layersGradient(depthwiseModel()),
    'an LSTM': layersGradient(recurrentModel()),
  };
  for (const gradient of Object.values(gradients)) for (let step = 0; step < 3; step++) gradient();
  const spans = new Map<string, Span>();
  watchKernels(stock, spans);
  for (const [name, gradient] of Object.entries(gradients)) printed(name, gradient, spans);
}

function printed(what: string, gradient: () => void, spans: Map<string, Span>): void {
  for (const span of spans.values()) Object.assign(span, { milliseconds: 0, calls: 0 });
  let [steps, total] = [0, 0];
  for (const _ of rounds(what, 8, 20)) {
    const from = performance.now();
    gradient();
    total += performance.now() - from;
    steps++;
  }
  const all = [...spans].sort(([, a], [, b]) => b.milliseconds - a.milliseconds);
  const sum = (of: typeof all) => of.reduce((time, [, { milliseconds }]) => time + milliseconds, 0);
  const share = (time: number) => `${((100 * time) / total).toFixed(1).padStart(5)} %`;
  console.log(`A gradient of ${what}, batch 128, ${kernelsInUse()}: ${(total / steps).toFixed(0)} ms`);
  for (const [name, { milliseconds, calls, ours }] of all.slice(0, 14)) {
    const each = String(calls / steps).padStart(4);
    console.log(`  ${name.padEnd(28)} ${share(milliseconds)}  ${each} calls  ${ours ? 'ours' : 'stock'}`);
  }
  console.log(`  all kernels of ours          ${share(sum(all.filter(([, { ours }]) => ours)))}`);
  console.log(`  all stock kernels            ${share(sum(all.filter(([, { ours }]) => !ours)))}`);
  console.log(`  the tape, and the rest       ${share(total - sum(all))}`);
}

/** Has each kernel of WebAssembly add its own time to `spans`. */
function watchKernels(stock: ReadonlySet<unknown>, spans: Map<string, Span>): void {
  let inside = 0; // milliseconds of kernels that the one that runs has called
  for (const kernel of tf.getKernelsForBackend('wasm') as Kernel[]) {
    const own = { milliseconds: 0, calls: 0, ours: !stock.has(kernel.kernelFunc) };
    const kernelFunc: Kernel['kernelFunc'] = (call) => {
      const [before, from] = [inside, performance.now()];
      inside = 0;
      try {
        return kernel.kernelFunc(call);
      } finally {
        const passed = performance.now() - from;
        own.milliseconds += passed - inside;
        own.calls++;
        inside = before + passed;
        spans.set(kernel.kernelName, own);
      }
    };
    tf.unregisterKernel(kernel.kernelName, 'wasm');
    tf.registerKernel({ ...kernel, kernelFunc });
  }
}
