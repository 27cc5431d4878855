import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, pipe, tap } from 'rxjs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { adam, leaves, Random, type Tree } from '../../../src/index.js';
import { start } from '../../../src/tensors/backend.js';
import {
  classification,
  imageExamples,
  kernelsInUse,
  mlp,
  tensors,
  useBackend,
} from '../../../src/tensors/index.js';
import { batches, gradient, lifted, train } from '../../../streams/index.js';
import { agreesWithFloat64 } from '../algebra/agreement.js';
import { addSoftwareAdapter } from './software-adapter.js';

addSoftwareAdapter();
const missing = await start('webgpu');
const device = () => (tf.backend() as unknown as { device: { destroy(): void } }).device;
const values = (tree: Tree<tf.Tensor>) => leaves(tensors, tree).map((x) => [...tensors.values(x)]);

const random = new Random(1);
const images = imageExamples(
  'digits',
  Uint8Array.from({ length: 64 * 12 }, () => Math.floor(256 * random.uniform())),
  Uint8Array.from({ length: 64 }, (_, i) => i % 3),
);
const run = (steps: number) =>
  train(
    classification(mlp([12, 8, 3])),
    batches(images, { size: 16, seed: 1 }),
    pipe(gradient(), lifted(adam({ learningRate: 0.01 }))),
    { steps, sliceMilliseconds: 0.1, seed: 3 },
  );

describe.skipIf(missing !== null)(`webgpu ${missing?.reason ?? ''}`, () => {
  beforeEach(async () => {
    await useBackend('webgpu');
    tf.env().set('WEBGPU_CPU_FORWARD', false); // small arrays are computed on the card too
  });
  afterAll(() => device().destroy());

  agreesWithFloat64(tensors, 4);

  it('is named, and trains as the CPU does', async () => {
    expect(kernelsInUse()).toBe('webgpu');
    const losses: Record<string, number[]> = { webgpu: [], cpu: [] };
    for (const backend of ['webgpu', 'cpu'] as const) {
      await useBackend(backend);
      await lastValueFrom(run(2).pipe(tap(({ lossValue }) => losses[backend].push(lossValue))));
    }
    const apart = losses.webgpu.map((loss, i) => Math.abs(loss - losses.cpu[i]));
    expect(Math.max(...apart)).toBeLessThan(1e-4);
  });

  it('waits for the card once a step, for the loss and two norms', async () => {
    const backend = tf.backend() as unknown as {
      readSync(id: object): unknown;
      tensorMap: { get(id: object): { values?: unknown } };
    };
    const own = backend.readSync;
    let reads = 0;
    backend.readSync = (id) => {
      if (backend.tensorMap.get(id).values == null) reads++;
      return own(id);
    };
    const at: number[] = [];
    await lastValueFrom(run(4).pipe(tap(() => at.push(reads))));
    backend.readSync = own;
    expect(at.slice(1, 3).map((count, i) => count - at[i])).toEqual([1, 1]);
  });

  it('a kernel that does not compile is refused', () => {
    const backend = tf.backend() as unknown as {
      runWebGPUProgram(program: object, inputs: object[], dtype: string): tf.TensorInfo;
      readSync(dataId: object): unknown;
    };
    const x = tf.tensor1d([1, 2]);
    const broken = {
      ...{ variableNames: ['A'], outputShape: [2], shaderKey: 'broken', size: true },
      ...{ workgroupSize: [64, 1, 1], dispatch: [1, 1, 1], dispatchLayout: { x: [0] } },
      getUserCode: () => 'fn main() { this is no WGSL }',
    };
    const info = backend.runWebGPUProgram(broken, [x], 'float32');
    expect(() => backend.readSync(info.dataId)).toThrow('webgpu: a kernel of TensorFlow.js was refused');
    expect([...tf.add(tf.tensor1d([3, 4]), 1).dataSync()]).toEqual([4, 5]);
  });

  it('a lost device ends the run with the last parameters that the host knows, and the next begins anew', async () => {
    const before: number[][][] = [];
    let left: number[][] = [];
    const last = await lastValueFrom(
      run(20).pipe(
        tap((frame) => {
          if (frame.outcome !== undefined) left = values(frame.parameters);
          else before[frame.step + 1] = values(frame.nextParameters);
          if (frame.step === 3) device().destroy();
        }),
      ),
    );
    expect(last.outcome?.kind).toBe('deviceLost');
    const step = Number(/those before step (\d+)/.exec(last.outcome!.message)?.[1]);
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThanOrEqual(4);
    expect(left).toEqual(before[step]);
    expect(() => tensors.number(tensors.sum(tensors.fill([3], 1)))).toThrow('the graphics device was lost');
    expect(await useBackend('webgpu')).toBe('webgpu');
    expect(tensors.number(tensors.sum(tensors.fill([3], 1)))).toBe(3);
  });

  it('a device that is lost at once leaves the parameters that the run began with', async () => {
    const first: number[][][] = [];
    await lastValueFrom(run(1).pipe(tap(({ parameters }) => first.push(values(parameters)))));
    device().destroy();
    let left: number[][] = [];
    const last = await lastValueFrom(run(5).pipe(tap(({ parameters }) => void (left = values(parameters)))));
    expect(last.outcome).toMatchObject({ kind: 'deviceLost' });
    expect(last.outcome?.message).toContain('the parameters are those it began with');
    expect(left).toEqual(first[0]);
  });
});

it.skipIf(missing === null)('says what it lacks', () => {
  expect(missing?.advice).toMatch(/wasm/);
});
