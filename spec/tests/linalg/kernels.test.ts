import { describe, expect, it } from 'vitest';
import { kernelModules } from '../../../src/linalg/workspace.js';

describe('the kernel modules', () => {
  it('are valid and small enough for browsers to compile synchronously', () => {
    for (const bytes of kernelModules()) {
      const { WebAssembly } = globalThis as unknown as {
        WebAssembly: { validate(bytes: Uint8Array): boolean };
      };
      expect(WebAssembly.validate(bytes)).toBe(true);
      expect(bytes.length).toBeLessThan(4096);
    }
  });
});
