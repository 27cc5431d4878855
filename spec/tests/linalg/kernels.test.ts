import { describe, expect, it, vi } from 'vitest';
import {
  cholesky,
  inverse,
  lu,
  multiply,
  positiveDefiniteInverse,
  qr,
  svd,
  symmetricEigen,
  triangularSolve,
} from '../../../src/linalg/index.js';
import { kernelModules, workspace } from '../../../src/linalg/kernels/workspace.js';
import { assemble } from '../../../src/wasm/module.js';
import { randomMatrix, withSpectrum } from './matrices.js';

describe('the kernel modules', () => {
  it('are valid and small enough for browsers to compile synchronously', () => {
    for (const functions of kernelModules) {
      const bytes = assemble(functions);
      const { WebAssembly } = globalThis as unknown as {
        WebAssembly: { validate(bytes: Uint8Array): boolean };
      };
      expect(WebAssembly.validate(bytes)).toBe(true);
      expect(bytes.length).toBeLessThan(4096);
    }
  });

  it('are compiled when first used, not when imported', async () => {
    const host = globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } };
    const { Module } = host.WebAssembly;
    let compiled = 0;
    host.WebAssembly.Module = class extends Module {
      constructor(bytes: Uint8Array) {
        super(bytes);
        compiled++;
      }
    };
    try {
      vi.resetModules();
      const fluxion = await import('../../../src/index.js');
      expect(compiled).toBe(0);
      fluxion.multiply(randomMatrix(16, 16, 1), randomMatrix(16, 16, 2), 16, 16, 16);
      expect(compiled).toBe(kernelModules.length);
    } finally {
      host.WebAssembly.Module = Module;
    }
  });
});

describe('the memory of the kernels', () => {
  it.each([17, 33, 34, 35, 50, 66, 71, 97])('brings nothing of earlier work into a result, n = %i', (n) => {
    const a = randomMatrix(n, n, n);
    const wide = randomMatrix(n - 5, n, n + 1);
    const definite = withSpectrum(
      Array.from({ length: n }, (_, i) => 1 + i),
      n,
    );
    const work: (() => unknown)[] = [
      () => multiply(a, a, n, n, n, 'left'),
      () => multiply(wide, a, n - 5, n, n),
      () => cholesky(definite, n),
      () => symmetricEigen(definite, n),
      () => svd(a, n, n),
      () => svd(wide, n - 5, n),
      () => lu(a, n),
      () => qr(a, n, n),
      () => qr(wide, n - 5, n),
      () => inverse(a, n),
      () => positiveDefiniteInverse(definite, n),
      ...(['lower', 'upper', 'lowerTransposed', 'upperTransposed'] as const).map(
        (which) => () => triangularSolve(which, a, n, a, n),
      ),
    ];
    for (const [index, run] of work.entries()) {
      workspace(0).numbers.fill(0);
      const clean = structuredClone(run());
      workspace(0).numbers.fill(Number.NaN);
      expect(run(), `operation ${index}`).toEqual(clean);
    }
  });
});
