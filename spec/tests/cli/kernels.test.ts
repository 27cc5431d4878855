import { describe, expect, it } from 'vitest';
import { findProblem } from '../../../dashboard/cli/race/problem.js';
import { kernelsInUse, useBackend } from '../../../src/tensors/index.js';
import { hasFusedMultiplyAdd } from '../../../src/tensors/wasm/multiply-add.js';

const resumed = (kernels: string) => findProblem('mnist', { batch: 8, backend: 'wasm', kernels });

describe('a run that goes on', () => {
  it('computes with the kernels of its record, or is refused with advice', async () => {
    const plain = await resumed('wasm, 2 threads');
    expect(kernelsInUse()).not.toMatch(/fma$/);
    expect(plain).toMatchObject({ kernels: kernelsInUse() });
    const fused = resumed('wasm, 2 threads, fma');
    if (hasFusedMultiplyAdd()) {
      expect(await fused).toMatchObject({ kernels: expect.stringMatching(/fma$/) });
    } else {
      await expect(fused).rejects.toThrow(
        /^--resume: the run was computed by 'wasm, 2 threads, fma', .* resume it on Node 22 or later, or race anew$/,
      );
    }
    await useBackend('cpu');
  });
});
