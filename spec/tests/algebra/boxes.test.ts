import { describe, expect, it } from 'vitest';
import { float64, poisoning } from '../../../src/index.js';
import { type BackendName, tensors, useBackend } from '../../../src/tensors/index.js';
import { cutsBoxes, refusesBoxes } from './boxes.js';

describe('boxes are cut out and put together', () => {
  it('in float64', () => {
    cutsBoxes(float64);
    refusesBoxes(float64);
  });

  it.each<BackendName>(['cpu', 'wasm'])('in float32 on the %s backend', async (backend) => {
    await useBackend(backend);
    const before = tensors.live();
    cutsBoxes(tensors);
    refusesBoxes(tensors);
    expect(tensors.live()).toBe(before);
  });

  it('a freed array in a list is seen', () => {
    const strict = poisoning(float64);
    const x = strict.fill([1], 1);
    strict.release(x);
    expect(() => strict.concat([x], 0)).toThrow(
      'float64.concat: an operand was read after it had been freed',
    );
    strict.drain();
  });
});
