import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float64, type HostArray } from '../../../src/algebra/index.js';
import { seed } from '../../seed.js';

const numbers = fc.array(fc.double({ noDefaultInfinity: false, noNaN: false }), { maxLength: 40 });
const pairs = fc.array(fc.tuple(fc.double(), fc.double()), { maxLength: 40 });

const unary: Record<string, (a: number) => number> = {
  neg: (a) => -a,
  abs: Math.abs,
  sign: Math.sign,
  square: (a) => a * a,
  sqrt: Math.sqrt,
};
const binary: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
  greater: (a, b) => (a > b ? 1 : 0),
};
type Unary = (x: HostArray) => HostArray;
type Binary = (x: HostArray, y: HostArray | number) => HostArray;
const operation = (name: string) => float64[name as keyof typeof float64] as unknown;
const vector = (values: readonly number[]) => float64.array(values, [values.length]);
const read = (x: HostArray) => [...float64.values(x)];

describe('float64', () => {
  for (const [name, plain] of Object.entries(unary)) {
    it(`${name} equals plain JavaScript, NaN, infinities and −0 included`, () => {
      fc.assert(
        fc.property(numbers, (values) => {
          const result = float64.scope(() => read((operation(name) as Unary)(vector(values))));
          expect(result).toEqual(values.map(plain));
        }),
        { seed },
      );
    });
  }

  for (const [name, plain] of Object.entries(binary)) {
    it(`${name} equals plain JavaScript for arrays, numbers and 0-d arrays on either side`, () => {
      const compute = operation(name) as Binary;
      fc.assert(
        fc.property(pairs, fc.double(), (both, c) => {
          float64.scope(() => {
            const x = vector(both.map(([a]) => a));
            const y = vector(both.map(([, b]) => b));
            const scalar = float64.array([c], []);
            expect(read(compute(x, y))).toEqual(both.map(([a, b]) => plain(a, b)));
            expect(read(compute(x, c))).toEqual(both.map(([a]) => plain(a, c)));
            expect(read(compute(x, scalar))).toEqual(both.map(([a]) => plain(a, c)));
            expect(read(compute(scalar, x))).toEqual(both.map(([a]) => plain(c, a)));
            expect(float64.shape(compute(scalar, scalar))).toEqual([]);
          });
        }),
        { seed },
      );
    });
  }

  it('combine, pow, where, sum, dot and finite equal plain JavaScript', () => {
    fc.assert(
      fc.property(pairs, fc.double(), fc.double(), (both, a, b) => {
        float64.scope(() => {
          const x = vector(both.map(([left]) => left));
          const y = vector(both.map(([, right]) => right));
          expect(read(float64.combine(a, x, b, y))).toEqual(both.map(([l, r]) => a * l + b * r));
          expect(read(float64.pow(x, a))).toEqual(both.map(([l]) => l ** a));
          expect(read(float64.where(x, y, x))).toEqual(both.map(([l, r]) => (l !== 0 ? r : l)));
          expect(float64.number(float64.sum(x))).toEqual(both.reduce((total, [l]) => total + l, 0));
          expect(float64.number(float64.dot(x, y))).toEqual(both.reduce((total, [l, r]) => total + l * r, 0));
          const finite = both.every(([l]) => Number.isFinite(l));
          expect(float64.number(float64.finite(x))).toBe(finite ? 1 : 0);
        });
      }),
      { seed },
    );
  });

  it('multiplies matrices, either operand read transposed', () => {
    const size = fc.integer({ min: 0, max: 4 });
    const whole = fc.integer({ min: -9, max: 9 }); // products of whole numbers are exact, whatever the order
    const sample = fc
      .tuple(size, size, size)
      .chain(([m, k, n]) =>
        fc.tuple(
          fc.constant([m, k, n]),
          fc.array(whole, { minLength: m * k, maxLength: m * k }),
          fc.array(whole, { minLength: k * n, maxLength: k * n }),
        ),
      );
    fc.assert(
      fc.property(sample, ([[m, k, n], left, right]) => {
        const expected = Array.from({ length: m * n }, (_, at) => {
          let total = 0;
          for (let j = 0; j < k; j++) total += left[Math.floor(at / n) * k + j] * right[j * n + (at % n)];
          return total;
        });
        float64.scope(() => {
          const x = float64.array(left, [m, k]);
          const y = float64.array(right, [k, n]);
          const products = [
            float64.matmul(x, y),
            float64.matmul(float64.transpose(x), y, true),
            float64.matmul(x, float64.transpose(y), false, true),
            float64.matmul(float64.transpose(x), float64.transpose(y), true, true),
          ];
          for (const product of products) {
            expect(float64.shape(product)).toEqual([m, n]);
            expect(read(product).map((entry) => entry + 0)).toEqual(expected.map((entry) => entry + 0));
          }
        });
      }),
      { seed },
    );
  });

  it('copies and reshapes into arrays of their own', () => {
    float64.scope(() => {
      const x = float64.array([1, 2, 3, 4], [2, 2]);
      const others = [float64.copy(x), float64.reshape(x, [4])];
      for (const other of others) expect(other.data).not.toBe(x.data);
      expect(float64.shape(others[1])).toEqual([4]);
    });
  });

  it('names operation, expected and got on wrong shapes', () => {
    float64.scope(() => {
      const two = float64.fill([2], 0);
      const three = float64.fill([3], 0);
      expect(() => float64.add(two, three)).toThrow('float64.add: expected equal shapes, got [2] and [3]');
      expect(() => float64.combine(1, two, 1, three)).toThrow('float64.combine: expected equal shapes');
      expect(() => float64.dot(two, three)).toThrow('float64.dot: expected equal shapes');
      expect(() => float64.number(two)).toThrow('float64.number(x): expected one entry, got shape [2]');
      expect(() => float64.array([1], [2])).toThrow('float64.array(values): expected 2 values, got 1');
      expect(() => float64.reshape(two, [3])).toThrow('expected 3 values, got 2');
      expect(() => float64.matmul(two, two)).toThrow('float64.matmul: expected two matrices');
      expect(() => float64.matmul(float64.fill([2, 3], 0), float64.fill([2, 3], 0))).toThrow(
        'float64.matmul: inner lengths 3 and 2 differ',
      );
      expect(() => float64.matmul(float64.fill([2, 1, 1], 0), float64.fill([3, 1, 1], 0))).toThrow(
        'stacks of as many, got shapes [2,1,1] and [3,1,1]',
      );
      expect(() => float64.transpose(two)).toThrow('float64.transpose(x): expected a matrix');
    });
  });
});

describe('float64.scope', () => {
  it('frees all but what it returns, in nested scopes too', () => {
    const before = float64.live();
    const kept = float64.scope(() => {
      const outer = float64.fill([3], 1);
      const inner = float64.scope(() => {
        float64.fill([3], 2);
        return { list: [float64.add(outer, 2)], note: 'plain values pass' };
      });
      expect(float64.live()).toBe(before + 2);
      float64.fill([3], 4);
      return inner;
    });
    expect(float64.live()).toBe(before + 1);
    expect(read(kept.list[0])).toEqual([3, 3, 3]);
    float64.release(kept.list[0]);
    expect(float64.live()).toBe(before);
  });

  it('leaves arrays of the enclosing scope alone when an inner one returns them', () => {
    const before = float64.live();
    float64.scope(() => {
      const outer = float64.fill([2], 7);
      expect(float64.scope(() => outer)).toBe(outer);
      float64.fill([2], 0); // would overwrite `outer`, had it been recycled
      expect(read(outer)).toEqual([7, 7]);
    });
    expect(float64.live()).toBe(before);
  });

  it('frees everything when the body throws', () => {
    const before = float64.live();
    expect(() =>
      float64.scope(() => {
        float64.fill([2], 1);
        float64.scope(() => {
          float64.fill([2], 1);
          throw new Error('inner');
        });
      }),
    ).toThrow('inner');
    expect(float64.live()).toBe(before);
    const after = float64.fill([2], 1); // made outside all scopes again
    expect(float64.live()).toBe(before + 1);
    float64.release(after);
  });

  it('frees an array once, though released and made anew inside the same scope', () => {
    const before = float64.live();
    const kept = float64.scope(() => {
      const first = float64.fill([5], 1);
      float64.release(first);
      const second = float64.fill([5], 2);
      const third = float64.scope(() => float64.add(second, 1));
      return third;
    });
    expect(read(kept)).toEqual([3, 3, 3, 3, 3]);
    expect(float64.live()).toBe(before + 1);
    float64.release(kept);
  });

  it('refuses a second release', () => {
    const x = float64.fill([2], 0);
    float64.release(x);
    expect(() => float64.release(x)).toThrow('float64.release: this array was released before');
  });

  it('never hands out an array that is in use, under any order of making, releasing and scoping', () => {
    const step = fc.constantFrom('make', 'release', 'open', 'close');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const before = float64.live();
        let stamp = 0;
        const play = (at: number, mine: Map<HostArray, number>): number => {
          let i = at;
          while (i < steps.length) {
            const action = steps[i++];
            if (action === 'make') {
              stamp++;
              mine.set(float64.fill([3], stamp), stamp);
            } else if (action === 'release') {
              const [first] = mine.keys();
              if (first !== undefined) {
                mine.delete(first);
                float64.release(first);
              }
            } else if (action === 'open') {
              i = float64.scope(() => play(i, new Map()));
            } else break;
            for (const [array, value] of mine) expect(read(array)).toEqual([value, value, value]);
          }
          return i;
        };
        let at = 0;
        while (at < steps.length) at = float64.scope(() => play(at, new Map()));
        expect(float64.live()).toBe(before);
      }),
      { seed },
    );
  });
});
