import { describe, expect, it } from 'vitest';
import { alongAxes, gram } from '../../../src/curvature/along-axes.js';
import { blocking, blockShapes, join, split } from '../../../src/curvature/blocks.js';
import { float64 } from '../../../src/index.js';
import { blocksOf, gramOf, kronecker } from '../../oracles/kronecker.js';

const numbers = (n: number) => Array.from({ length: n }, (_, i) => ((i * 7) % 11) - 4);

describe('blocks', () => {
  it.each([
    [[], 256, [[1]]],
    [[1, 1], 256, [[1]]],
    [[5, 1], 256, [[5]]],
    [[0], 256, []],
    [[2, 0], 256, []],
    [[3, 3], 256, [[3, 3]]],
    [[3, 3, 16, 32], 256, [[144, 32]]],
    [[3, 3, 64, 128], 256, [[9, 64, 128]]],
    [[784, 128], 256, Array(4).fill([196, 128])],
    // thirds of 5 end at 1.67 and 3.33, rounded; half of 3 at 1.5
    [
      [5, 3],
      2,
      [
        [2, 2],
        [2, 1],
        [1, 2],
        [1, 1],
        [2, 2],
        [2, 1],
      ],
    ],
  ] as const)('%j with sides of at most %d', (shape, longest, expected) => {
    const shapes = blockShapes(blocking(shape, longest));
    expect(shapes).toEqual(expected);
    for (const sides of shapes) for (const side of sides) expect(side).toBeLessThanOrEqual(longest);
    float64.scope(() => {
      const values = numbers(shape.reduce<number>((product, n) => product * n, 1));
      const cut = blocking(shape, longest);
      const blocks = split(float64, float64.array(values, shape), cut);
      expect(blocks.map((block) => float64.shape(block))).toEqual(shapes);
      if (shapes.length === 0) return;
      const whole = join(float64, blocks, cut, shape);
      expect(float64.shape(whole)).toEqual(shape);
      expect([...float64.values(whole)]).toEqual(values);
      if (shape.length > 2) return;
      const places = blocksOf(shape, longest);
      expect(blocks.map((block) => [...float64.values(block)])).toEqual(
        places.map(({ at }) => at.map((k) => values[k])),
      );
    });
  });
});

describe('a tensor of three axes', () => {
  const sides = [2, 3, 4];
  const x = numbers(24);
  const matrices = sides.map((n) => Float64Array.from(numbers(n * n)));

  it('is multiplied along each of them as by the whole Kronecker product', () => {
    float64.scope(() => {
      const made = sides.map((n, k) => float64.array(matrices[k], [n, n]));
      const product = alongAxes(float64, float64.array(x, sides), made);
      expect([...float64.values(product)]).toEqual(kronecker(matrices, x, sides, true));
      const identity = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
      const skipping = alongAxes(float64, float64.array(x, sides), [made[0], undefined, made[2]]);
      expect([...float64.values(skipping)]).toEqual(
        kronecker([matrices[0], identity, matrices[2]], x, sides, true),
      );
    });
  });

  it('has a Gram matrix along each of them', () => {
    float64.scope(() => {
      for (const axis of [0, 1, 2]) {
        const made = gram(float64, float64.array(x, sides), axis);
        expect([...float64.values(made)]).toEqual([...gramOf(x, sides, axis)]);
      }
    });
  });
});
