import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/index.js';
import { useBackend } from '../../../src/tensors/index.js';
import { addProduct } from '../../../src/tensors/operations/add-product.js';
import { hasFusedMultiplyAdd } from '../../../src/tensors/wasm/multiply-add.js';
import { multiply } from '../../../src/tensors/wasm/product.js';
import { type Heap, Team } from '../../../src/tensors/wasm/team.js';
import { linearMemory } from '../../../src/wasm/module.js';
import { seed } from '../../seed.js';

const ε = 2 ** -23;

/** Entry (i, j) of A·B + bias in float64, and the bound on its rounding: (k + 1)·ε·(Σ|aᵢₚ·bₚⱼ| + |bias|). */
function naive(term: (p: number) => number, inner: number, bias: number): { value: number; bound: number } {
  let [value, size] = [bias, Math.abs(bias)];
  for (let p = 0; p < inner; p++) {
    value += term(p);
    size += Math.abs(term(p));
  }
  return { value, bound: (inner + 1) * ε * size };
}

function expectClose(got: number, { value, bound }: { value: number; bound: number }): void {
  if (Number.isFinite(value)) expect(Math.abs(got - value)).toBeLessThanOrEqual(bound);
  else expect(got).toBe(value);
}

/** Room in a memory of one's own, never given back. */
function ownHeap(): Heap & { readonly numbers: Float32Array } {
  const memory = linearMemory(256);
  let next = 16;
  return {
    memory,
    allocate(bytes) {
      const at = next;
      next += (bytes + 15) & ~15;
      return at;
    },
    free() {},
    numbers: new Float32Array(memory.buffer),
  };
}

const aloneOn = (heap: Heap, fused: boolean) =>
  new Team(heap, { threads: 1, deterministic: false, fused }, () => {
    throw new Error('no workers here');
  });

const edges = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(31, 64, 65, 70, 255, 256, 257, 300));

const kinds = hasFusedMultiplyAdd() ? [false, true] : [false];

describe('the product kernel', () => {
  it.each(kinds)('agrees with a naive product for any sizes and strides, fused: %s', (fused) => {
    const heap = ownHeap();
    const team = aloneOn(heap, fused);
    const room = heap.allocate(4 * 1_500_000) >> 2;
    const shapes = fc.record({
      rows: edges,
      columns: edges,
      inner: edges,
      ...{ matrices: fc.integer({ min: 1, max: 3 }), heads: fc.integer({ min: 1, max: 3 }) },
      ...{ transposeLeft: fc.boolean(), transposeRight: fc.boolean() },
      begun: fc.constantFrom('with nothing', 'with a row', 'with a matrix'),
      ...{ gap: fc.integer({ min: 0, max: 3 }), start: fc.integer() },
    });
    fc.assert(
      fc.property(shapes, (shape) => {
        const { columns, inner, gap } = shape;
        const work = shape.rows * columns * inner;
        const matrices = work > 1e6 ? 1 : shape.matrices;
        const heads = work > 1e6 ? 1 : shape.heads;
        const rows = work > 4e6 ? 5 : shape.rows;
        const random = new Random(shape.start);
        let at = room;
        // Heads side by side in each row, rows with a gap between them: strides of every kind.
        const place = (height: number, width: number, transposed: boolean) => {
          const rowLength = heads * width + gap;
          const operand = {
            address: 4 * at,
            rowStride: transposed ? 4 : 4 * rowLength,
            columnStride: transposed ? 4 * rowLength : 4,
            matrixStride: 4 * rowLength * height,
            headStride: 4 * width,
          };
          const size = matrices * rowLength * height;
          heap.numbers.set(random.normals(size), at);
          at += size;
          return operand;
        };
        const left = shape.transposeLeft ? place(inner, rows, true) : place(rows, inner, false);
        const right = shape.transposeRight ? place(columns, inner, true) : place(inner, columns, false);
        const bias = shape.begun === 'with a row' ? place(1, columns, false).address : 0;
        const addend = shape.begun === 'with a matrix' ? place(rows, columns, false) : undefined;
        const result = place(rows, columns, false);
        const before = heap.numbers.slice(result.address / 4, at);
        multiply(team, {
          ...{ left, right, result, bias, addend: addend?.address, rows, columns, inner, matrices, heads },
        });
        const entry = (x: typeof left, matrix: number, head: number, i: number, j: number) =>
          (x.address + matrix * x.matrixStride + head * x.headStride + i * x.rowStride + j * x.columnStride) /
          4;
        const untouched = new Set(before.keys());
        for (let m = 0; m < matrices; m++) {
          for (let h = 0; h < heads; h++) {
            for (let i = 0; i < rows; i++) {
              for (let j = 0; j < columns; j++) {
                const { numbers } = heap;
                const term = (p: number) =>
                  numbers[entry(left, m, h, i, p)] * numbers[entry(right, m, h, p, j)];
                const index = entry(result, m, h, i, j);
                untouched.delete(index - result.address / 4);
                const start = addend ? numbers[entry(addend, m, h, i, j)] : 0;
                const { value, bound } = naive(term, inner, bias === 0 ? start : numbers[bias / 4 + j]);
                if (!(Math.abs(numbers[index] - value) <= bound)) {
                  expectClose(numbers[index], { value, bound });
                }
              }
            }
          }
        }
        // What lies between the rows is not the product's.
        for (const index of untouched) expect(heap.numbers[result.address / 4 + index]).toBe(before[index]);
      }),
      { seed, numRuns: 60 },
    );
  });

  it.each(kinds)('agrees with it along a long inner length, to no matter where, fused: %s', (fused) => {
    const heap = ownHeap();
    const team = aloneOn(heap, fused);
    const [inner, gap] = [5_003, 2];
    for (const [rows, columns] of [
      [1, 1],
      [3, 9],
      [17, 5],
    ]) {
      const random = new Random(rows);
      const [left, right] = [rows, columns].map((n) => Float32Array.from(random.normals(n * inner)));
      const [a, b] = [left, right].map((entries) => heap.allocate(4 * entries.length));
      const c = heap.allocate(4 * rows * (columns + gap));
      heap.numbers.set(left, a / 4);
      heap.numbers.set(right, b / 4);
      heap.numbers.fill(7, c / 4, c / 4 + rows * (columns + gap));
      multiply(team, {
        left: { address: a, rowStride: 4, columnStride: 4 * rows, matrixStride: 0 },
        right: { address: b, rowStride: 4 * columns, columnStride: 4, matrixStride: 0 },
        result: { address: c, rowStride: 4 * (columns + gap), columnStride: 4, matrixStride: 0 },
        ...{ rows, columns, inner, matrices: 1 },
      });
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const term = (p: number) => left[p * rows + i] * right[p * columns + j];
          expectClose(heap.numbers[c / 4 + i * (columns + gap) + j], naive(term, inner, 0));
        }
        for (let j = 0; j < gap; j++) expect(heap.numbers[c / 4 + i * (columns + gap) + columns + j]).toBe(7);
      }
    }
  });

  it.each(kinds)('passes NaN and ∞ on to their rows and columns, and nowhere else, fused: %s', (fused) => {
    const heap = ownHeap();
    const team = aloneOn(heap, fused);
    const at = heap.allocate(4 * 10_000);
    const special = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    const sizes = fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 1, max: 19 })));
    fc.assert(
      fc.property(sizes, special, special, fc.nat(), fc.nat(), ([rows, columns, inner], x, y, p, q) => {
        const left = new Float32Array(rows * inner).fill(1);
        const right = new Float32Array(inner * columns).fill(2);
        left[p % left.length] = x;
        right[q % right.length] = y;
        heap.numbers.set(left, at / 4);
        heap.numbers.set(right, at / 4 + 400);
        const operand = (address: number, width: number) => ({
          ...{ address, rowStride: 4 * width, columnStride: 4, matrixStride: 0 },
        });
        multiply(team, {
          left: operand(at, inner),
          right: operand(at + 1_600, columns),
          result: operand(at + 3_200, columns),
          ...{ rows, columns, inner, matrices: 1 },
        });
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            const term = (k: number) => left[i * inner + k] * right[k * columns + j];
            expectClose(heap.numbers[at / 4 + 800 + i * columns + j], naive(term, inner, 0));
          }
        }
      }),
      { seed, numRuns: 100 },
    );
  });
});

describe('the product kernel with fused multiply-add and without', () => {
  it.each(kinds)('rounds once or twice, fused: %s', (fused) => {
    const heap = ownHeap();
    const team = aloneOn(heap, fused);
    const at = heap.allocate(80);
    // −(1 + 2⁻¹¹)·1 + (1 + 2⁻¹²)² is 2⁻²⁴, and 0 where the square is rounded first.
    heap.numbers.set([-(1 + 2 ** -11), 1 + 2 ** -12, 0, 0, 1, 1 + 2 ** -12], at / 4);
    const operand = (address: number, rowStride: number) => ({
      ...{ address, rowStride, columnStride: 4, matrixStride: 0 },
    });
    multiply(team, {
      left: operand(at, 8),
      right: operand(at + 16, 4),
      result: operand(at + 32, 4),
      ...{ rows: 1, columns: 1, inner: 2, matrices: 1 },
    });
    expect(heap.numbers[at / 4 + 8]).toBe(fused ? 2 ** -24 : 0);
  });
});

describe('matMul on the WebAssembly backend', () => {
  beforeAll(async () => {
    await useBackend('wasm', { threads: 2 });
  });

  it('gives the products of matrices with their own transposes the bits that copies of them give', () => {
    const stack = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(stack, edges, edges, fc.boolean(), fc.integer(), (matrices, n, rows, first, start) => {
        const x = tf.tensor(
          Float32Array.from(new Random(start).normals(matrices * n * rows)),
          first ? [matrices, rows, n] : [matrices, n, rows],
        );
        const copy = tf.tensor(x.dataSync(), x.shape);
        const [own, other] = [x, copy].map((y) => tf.matMul(x, y, first, !first));
        const [left, right] = [own, other].map((y) => y.dataSync());
        tf.dispose([x, copy, own, other]);
        expect(left.length).toBe(matrices * n * n);
        expect(left.findIndex((entry, at) => entry !== right[at])).toBe(-1);
      }),
      { seed, numRuns: 40 },
    );
  });

  it('begins the sums of C + A·B with C, empty or not', () => {
    const size = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (rows, columns, inner, ta, tb, row) => {
          const random = new Random(rows + 7 * columns);
          const make = (...shape: number[]) =>
            tf.tensor2d(Float32Array.from(random.normals(shape[0] * shape[1])), [shape[0], shape[1]]);
          const a = ta ? make(inner, rows) : make(rows, inner);
          const b = tb ? make(columns, inner) : make(inner, columns);
          const c = row ? tf.reshape(make(1, columns), [columns]) : make(rows, columns);
          const before = tf.memory().numTensors;
          const sum = addProduct(c, { a, b, transposeA: ta, transposeB: tb });
          expect(tf.memory().numTensors).toBe(before + 1);
          const [x, y, z, got] = [a, b, c, sum].map((tensor) => tensor.dataSync());
          expect(got.length).toBe(rows * columns);
          for (let i = 0; i < rows; i++) {
            for (let j = 0; j < columns; j++) {
              const term = (p: number) =>
                x[ta ? p * rows + i : i * inner + p] * y[tb ? j * inner + p : p * columns + j];
              expectClose(got[i * columns + j], naive(term, inner, z[(row ? 0 : i * columns) + j]));
            }
          }
          tf.dispose([a, b, c, sum]);
        },
      ),
      { seed, numRuns: 60 },
    );
  });

  it('agrees with a naive product over stacks that broadcast, transposed or not, empty or not', () => {
    const size = fc.integer({ min: 0, max: 6 });
    const outer = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('both', 'left', 'right')),
      {
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(fc.tuple(size, size, size), outer, fc.boolean(), fc.boolean(), (sizes, axes, ta, tb) => {
        const [m, n, k] = sizes;
        const random = new Random(m + 7 * n);
        const own = (side: string) =>
          axes.map(([length, who]) => (who === 'both' || who === side ? length : 1));
        const make = (shape: number[]) =>
          tf.tensor(Float32Array.from(random.normals(tf.util.sizeFromShape(shape))), shape);
        const a = make([...own('left'), ...(ta ? [k, m] : [m, k])]);
        const b = make([...own('right'), ...(tb ? [n, k] : [k, n])]);
        const before = tf.memory().numTensors;
        const c = tf.matMul(a, b, ta, tb);
        expect(c.shape).toEqual([...axes.map(([length]) => length), m, n]);
        const [x, y, z] = [a, b, c].map((tensor) => tensor.dataSync());
        const index = (shape: number[], at: number[]) =>
          shape.reduce((sum, length, axis) => sum * length + (length === 1 ? 0 : at[axis]), 0);
        for (let e = 0; e < z.length; e++) {
          const at: number[] = [];
          let rest = e;
          for (const length of [...c.shape].reverse()) {
            at.unshift(rest % length);
            rest = Math.floor(rest / length);
          }
          const [i, j] = at.slice(-2);
          const stackA = index(own('left'), at) * m * k;
          const stackB = index(own('right'), at) * k * n;
          const term = (p: number) =>
            x[stackA + (ta ? p * m + i : i * k + p)] * y[stackB + (tb ? j * k + p : p * n + j)];
          expectClose(z[e], naive(term, k, 0));
        }
        c.dispose();
        expect(tf.memory().numTensors).toBe(before);
        tf.dispose([a, b]);
      }),
      { seed, numRuns: 150 },
    );
  });

  it('counts beyond 2²⁴, where a float32 sum of ones comes to a stop', () => {
    const k = 2 ** 24 + 2 ** 10;
    const x = tf.ones([1, k]);
    const y = tf.matMul(x, tf.reshape(x, [k, 1]));
    expect(y.dataSync()[0]).toBe(k);
    tf.dispose([x, y]);
  });

  it.each([1, 20, 129, 300])(
    'makes of a matrix and itself what it makes of two, to the last bit: n = %s',
    (n) => {
      for (const inner of [1, 7, 300, 3001]) {
        for (const transposed of [true, false]) {
          const shape: [number, number] = transposed ? [inner, n] : [n, inner];
          const x = tf.tensor2d(Float32Array.from(new Random(n + inner).normals(n * inner)), shape);
          const copy = tf.tensor2d(x.dataSync().slice(), shape);
          const [own, two] = [x, copy].map((y) => tf.matMul(x, y, transposed, !transposed));
          const [got, wanted] = [own.dataSync(), two.dataSync()];
          expect(got.findIndex((entry, i) => !Object.is(entry, wanted[i]))).toBe(-1);
          tf.dispose([x, copy, own, two]);
        }
      }
    },
  );

  it('refuses matrices that do not fit, before and after the repair alike', () => {
    const [a, b] = [tf.ones([2, 3]), tf.ones([2, 3])];
    expect(() => tf.matMul(a, b)).toThrow(/inner/i);
    tf.dispose([a, b]);
  });
});
