import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/index.js';
import { kernelsInUse, useBackend } from '../../../src/tensors/index.js';
import { startWorker } from '../../../src/tensors/wasm/node-workers.js';
import { multiply } from '../../../src/tensors/wasm/product.js';
import { packedBytes } from '../../../src/tensors/wasm/product-kernels.js';
import { type StartWorker, Team } from '../../../src/tensors/wasm/team.js';
import { linearMemory, sharedMemory } from '../../../src/wasm/module.js';
import { seed } from '../../seed.js';
import { compiledFile } from '../compiled.js';

function heapIn(memory: { readonly buffer: ArrayBufferLike }) {
  let next = 64;
  return {
    memory,
    allocate(bytes: number) {
      const at = next;
      next += (bytes + 15) & ~15;
      return at;
    },
    free() {},
    numbers: new Float32Array(memory.buffer),
  };
}

const manner = (threads: number) => ({ threads, deterministic: false, fused: false });

describe('a team of threads', () => {
  const heap = heapIn(sharedMemory(512)!);
  const [one, four] = [1, 4].map((threads) => new Team(heap, manner(threads), startWorker));
  const room = heap.allocate(4 * 3_000_000);

  afterAll(() => Promise.all([one.dismiss(), four.dismiss()]));

  it('gives bit for bit what one thread gives, job after job', () => {
    expect([one.threads, four.threads]).toEqual([1, 4]);
    const size = fc.integer({ min: 1, max: 300 });
    const stack = fc.constantFrom(1, 2, 40);
    fc.assert(
      fc.property(size, size, size, stack, fc.integer(), (rows, columns, inner, many, start) => {
        const matrices = rows * columns * inner > 1e6 ? 1 : many;
        const random = new Random(start);
        const lengths = [rows * inner, inner * columns, rows * columns].map((length) => matrices * length);
        const [left, right, result] = [0, lengths[0], lengths[0] + lengths[1]].map((at) => room + 4 * at);
        heap.numbers.set(random.uniforms(lengths[0] + lengths[1]), room / 4);
        const operand = (address: number, width: number, height: number) => ({
          ...{ address, rowStride: 4 * width, columnStride: 4, matrixStride: 4 * width * height },
        });
        const [alone, together] = [one, four].map((team) => {
          heap.numbers.fill(Number.NaN, result / 4, result / 4 + lengths[2]);
          multiply(team, {
            left: operand(left, inner, rows),
            right: operand(right, columns, inner),
            result: operand(result, columns, rows),
            ...{ rows, columns, inner, matrices },
          });
          return heap.numbers.slice(result / 4, result / 4 + lengths[2]);
        });
        const [x, y] = [alone, together].map(({ buffer }) => Buffer.from(buffer));
        expect(Buffer.compare(x, y)).toBe(0);
        expect(alone.every(Number.isFinite)).toBe(true);
      }),
      { seed, numRuns: 60 },
    );
  });

  it('shares the work: every worker has packed something', () => {
    for (let thread = 1; thread < 4; thread++) {
      const at = (four.scratch + thread * packedBytes) / 4;
      expect(heap.numbers.subarray(at, at + packedBytes / 4).some((entry) => entry !== 0)).toBe(true);
    }
  });

  it('is of one thread where workers are forbidden, or the memory cannot be shared', () => {
    const forbidden: StartWorker = () => {
      throw new Error('forbidden');
    };
    expect(new Team(heap, manner(4), forbidden).threads).toBe(1);
    let asked = 0;
    const counted: StartWorker = () => {
      asked++;
      return { terminate: () => undefined };
    };
    expect(new Team(heapIn(linearMemory(64)), manner(4), counted).threads).toBe(1);
    expect(asked).toBe(0);
  });

  it('does the whole work where workers never come', () => {
    const absent = new Team(heap, manner(4), () => ({ terminate: () => undefined }));
    const operand = (address: number) => ({ address, rowStride: 800, columnStride: 4, matrixStride: 0 });
    heap.numbers.fill(0.5, room / 4, room / 4 + 80_000);
    multiply(absent, {
      left: operand(room),
      right: operand(room + 160_000),
      result: operand(room + 320_000),
      ...{ rows: 200, columns: 200, inner: 200, matrices: 1 },
    });
    expect(new Set(heap.numbers.subarray(room / 4 + 80_000, room / 4 + 120_000))).toEqual(new Set([50]));
  });
});

describe('useBackend', () => {
  const product = () => {
    const [a, b] = [1, 2].map((start) => tf.randomNormal([150, 150], 0, 1, 'float32', start));
    const c = tf.matMul(a, b);
    const values = c.dataSync();
    tf.dispose([a, b, c]);
    return values;
  };

  it('takes so many threads, changes them, and says so', async () => {
    await useBackend('wasm', { threads: 3 });
    expect(kernelsInUse()).toMatch(/^wasm, 3 threads(, fma)?$/);
    const x = tf.tensor1d([1, 2]);
    const three = product();
    await useBackend('wasm', { threads: 1, deterministic: true });
    expect(kernelsInUse()).toBe('wasm, 1 thread');
    const one = product();
    await useBackend('wasm', { threads: 3 });
    expect(kernelsInUse()).toBe('wasm, 3 threads');
    expect(product()).toEqual(one);
    await useBackend('wasm', { deterministic: false });
    expect(product()).toEqual(three);
    expect([...x.dataSync()]).toEqual([1, 2]);
    x.dispose();
    await useBackend('cpu');
    expect(kernelsInUse()).toBe('cpu');
  });

  it('refuses options that are none, or of another backend', async () => {
    await expect(useBackend('wasm', { threads: 0 })).rejects.toThrow(
      'useBackend(threads): expected a whole number in [1, 256], got 0',
    );
    await expect(useBackend('wasm', { threads: 1.5 })).rejects.toThrow('a whole number');
    await expect(useBackend('wasm', { deterministic: 1 as unknown as boolean })).rejects.toThrow(
      'useBackend(deterministic): expected true or false, got 1',
    );
    await expect(useBackend('wasm', { thread: 1 } as object)).rejects.toThrow('useBackend(thread)');
    await expect(useBackend('cpu', { threads: 2 })).rejects.toThrow(
      "useBackend(choice): expected 'wasm', which has options, got 'cpu'",
    );
  });

  it('lets the process end by itself, and leaves no Worker in its globals', async () => {
    const folder = fileURLToPath(new URL('../../../', import.meta.url));
    const program = `
      import * as tf from '@tensorflow/tfjs';
      import { kernelsInUse, useBackend } from '${compiledFile('src/tensors/index.ts')}';
      const before = typeof globalThis.Worker;
      await useBackend('wasm', { threads: 4 });
      const x = tf.ones([300, 300]);
      const [entry] = tf.matMul(x, x).dataSync();
      console.log(entry, kernelsInUse().slice(0, 15), before === typeof globalThis.Worker);
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { cwd: folder, timeout: 60_000 },
    );
    expect(stdout.trim().split('\n').at(-1)).toBe('300 wasm, 4 threads true');
  });
});
