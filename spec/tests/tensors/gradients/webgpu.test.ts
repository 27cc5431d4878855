import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { start } from '../../../../src/tensors/backend.js';
import { useBackend } from '../../../../src/tensors/index.js';
import { addSoftwareAdapter } from '../software-adapter.js';
import { agree, type Behaviour, behaviour, dependent, reference, specials } from './backends.js';
import { families, type Op } from './ops.js';

addSoftwareAdapter();
const missing = await start('webgpu');
if (missing === null) tf.env().set('WEBGPU_CPU_FORWARD', false); // else small arrays never see the card

/*
 * Each operation compiles kernels, for a second or so on an adapter in software. Without FLUXION_WEBGPU=all only some
 * are tried: those whose kernels are mended for WebGPU, one for each way in which they are wrong.
 */
const mended = [
  'tan',
  'asinh',
  'sigmoid',
  'softmax',
  'max axis 1',
  'prod axis -1',
  'avgPool 3 stride 1 pad same',
];
const chosen = Object.values(families)
  .flat()
  .filter(({ name }) => process.env.FLUXION_WEBGPU === 'all' || mended.includes(name));

describe.skipIf(missing !== null)(`on webgpu ${missing?.reason ?? ''}`, () => {
  const found = new Map<Op, Behaviour>();
  beforeAll(async () => {
    for (const op of chosen) found.set(op, behaviour(op));
    (tf.backend() as unknown as { device: { destroy(): void } }).device.destroy();
    await useBackend('cpu');
  }, 600_000);

  it.each(chosen.map((op): [string, Op] => [op.name, op]))('%s', (_, op) => {
    const { gradient, derivatives, products, special } = found.get(op)!;
    const wanted = reference(op);
    expect(agree(op, gradient as never, wanted.gradient), `gradient: ${gradient}`).toBe(true);
    const product = typeof derivatives === 'string' ? derivatives : derivatives.product;
    expect(agree(op, product as never, wanted.product), `Hessian-vector product: ${product}`).toBe(true);
    expect(agree(op, products as never, wanted.products), `Jv, Jᵀu: ${products}`).toBe(true);
    if (op.chooses) return;
    const kinds = Object.keys(specials);
    const lost = special.filter((entries, k) => {
      if (!kinds[k % kinds.length].endsWith('NaN')) return false;
      const due = dependent(op)[Math.floor(k / kinds.length)];
      return [...due].some((wish, i) => wish === 'n' && entries[i] !== 'n');
    });
    expect(lost).toEqual([]);
  });
});
