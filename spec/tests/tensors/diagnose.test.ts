import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { backendNames, diagnose, tensors, useBackend } from '../../../src/tensors/index.js';

describe('diagnose', () => {
  it('finds for each backend its rates, or what is missing, and goes back', async () => {
    await useBackend('wasm');
    const before = tensors.live();
    const found = await diagnose();
    expect(found.map(({ name }) => name)).toEqual(backendNames);
    for (const { available, reason, advice, gigaflops, mlpGradientMilliseconds } of found) {
      if (available) {
        expect(reason).toBeUndefined();
        expect(gigaflops).toBeGreaterThan(0);
        expect(mlpGradientMilliseconds).toBeGreaterThan(0);
      } else {
        expect(reason).not.toBe('');
        expect(advice).not.toBe('');
        expect(gigaflops).toBeUndefined();
      }
    }
    expect(found.filter(({ available }) => available).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['wasm', 'cpu']),
    );
    expect(tf.getBackend()).toBe('wasm');
    expect(tensors.live()).toBe(before);
  });
});
