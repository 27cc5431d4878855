import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, pipe, tap } from 'rxjs';
import { adam, leaves, Random } from '../../../src/index.js';
import { classification, imageExamples, mlp, tensors, useBackend } from '../../../src/tensors/index.js';
import { batches, gradient, lifted, train } from '../../../streams/index.js';

/** What the page of the test does: trains on the card until the device is taken away. */
export async function trainUntilLost() {
  try {
    await useBackend('webgpu');
  } catch (error) {
    return (error as Error).message;
  }
  tf.env().set('WEBGPU_CPU_FORWARD', false); // small arrays are computed on the card too
  const random = new Random(1);
  const images = imageExamples(
    'digits',
    Uint8Array.from({ length: 64 * 12 }, () => Math.floor(256 * random.uniform())),
    Uint8Array.from({ length: 64 }, (_, i) => i % 3),
  );
  const pipeline = pipe(gradient(), lifted(adam({ learningRate: 0.01 })));
  const source = batches(images, { size: 16, seed: 1 });
  const losses: number[] = [];
  let left: number[] = [];
  const frames = train(classification(mlp([12, 8, 3])), source, pipeline, {
    steps: 12,
    sliceMilliseconds: 0.1,
    seed: 3,
  });
  const { outcome } = await lastValueFrom(
    frames.pipe(
      tap(({ step, lossValue, outcome: ended, parameters }) => {
        if (ended !== undefined) left = leaves(tensors, parameters).flatMap((x) => [...tensors.values(x)]);
        else losses.push(lossValue);
        if (step === 3) (tf.backend() as unknown as { device: { destroy(): void } }).device.destroy();
      }),
    ),
  );
  return { losses, outcome, left };
}

Object.assign(globalThis, { trainUntilLost });
