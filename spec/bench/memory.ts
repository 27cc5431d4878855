import * as tf from '@tensorflow/tfjs';
import { lastValueFrom, pipe, tap } from 'rxjs';
import { adam, kfac } from '../../src/index.js';
import { classification, imageExamples, kernelsInUse, mlp, useBackend } from '../../src/tensors/index.js';
import { batches, gradient, lifted, train } from '../../streams/index.js';

const looks = [10, 100, 1_000];

/** Live tensors and the WebAssembly memory over a thousand steps: they are to stay as they are. */
export async function bench(): Promise<void> {
  await useBackend('wasm');
  const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  console.log(
    `Live tensors, and MiB of WebAssembly memory, at steps ${looks.join(', ')}: mlp, ${kernelsInUse()}`,
  );
  const images = imageExamples(
    'noise',
    Uint8Array.from({ length: 512 * 64 }, (_, i) => (i * 2_654_435_761) >>> 24),
    Uint8Array.from({ length: 512 }, (_, i) => i % 10),
  );
  for (const [name, method] of Object.entries({ adam: adam(), kfac: kfac() })) {
    const found: string[] = [];
    const examples = batches(images, { size: 128, seed: 1 });
    const steps = looks.at(-1)!;
    await lastValueFrom(
      train(classification(mlp([64, 32, 10])), examples, pipe(gradient(), lifted(method)), { steps }).pipe(
        tap(({ step }) => {
          if (!looks.includes(step + 1)) return;
          found.push(`${tf.memory().numTensors} (${(wasm.HEAPU8.length / 2 ** 20).toFixed(0)})`);
        }),
      ),
    );
    console.log(`  ${name.padEnd(8)} ${found.map((told) => told.padStart(12)).join('')}   goal: constant`);
  }
  console.log(`  high-water mark of the memory, which never shrinks: ${wasm.HEAPU8.length / 2 ** 20} MiB`);
}
