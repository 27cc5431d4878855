import { beforeAll, expect, test } from 'vitest';
import { momentStep } from '../../../src/algebra/moment-step.js';
import { type Algebra, Random } from '../../../src/index.js';
import { tensors, useBackend } from '../../../src/tensors/index.js';

beforeAll(() => useBackend('wasm', { threads: 2 }));

test.each([0, 1, 3, 1021, 70_001])(
  'a step of moments over %d entries in one pass has the bits of its parts',
  (n) => {
    const random = new Random(n + 1);
    const vector = (scale: number) =>
      tensors.array(
        random.normals(n).map((x) => scale * x),
        [n],
      );
    const by = {
      beta1: 0.9,
      beta2: 0.999,
      correction1: 1 - 0.9 ** 3,
      correction2: 1 - 0.999 ** 3,
      epsilon: 1e-8,
    };
    const apart: Algebra<ReturnType<typeof vector>> = Object.defineProperty(
      Object.create(tensors, Object.getOwnPropertyDescriptors(tensors)),
      'moments',
      { value: undefined },
    );
    const before = tensors.live();
    tensors.scope(() => {
      const [m, v, u] = [vector(1), tensors.square(vector(0.1)), vector(3)];
      expect(tensors.moments).toBeDefined();
      const [whole, parts] = [tensors, apart].map((algebra) => momentStep(algebra, m, v, u, by));
      for (const name of ['mean', 'square', 'direction'] as const) {
        expect(tensors.values(whole[name])).toEqual(tensors.values(parts[name]));
      }
      expect(() => tensors.moments!(m, v, vector(1).expandDims(0), by)).toThrow('equal shapes');
      if (n < 2) return;
      const holed = tensors.array([Number.NaN, ...random.normals(n - 1)], [n]);
      const { mean, square, direction } = momentStep(tensors, m, v, holed, by);
      for (const one of [mean, square, direction]) {
        expect([...tensors.values(one)].map(Number.isNaN).indexOf(true)).toBe(0);
        expect([...tensors.values(one)].map(Number.isNaN).lastIndexOf(true)).toBe(0);
      }
    });
    expect(tensors.live()).toBe(before);
  },
);
