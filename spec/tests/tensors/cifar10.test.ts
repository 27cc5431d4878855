import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/index.js';
import { alteredImage } from '../../../src/tensors/altered-image.js';
import { cifar10, tensors, useBackend } from '../../../src/tensors/index.js';
import { readCifar10 } from '../../../src/tensors/node-cifar10.js';
import { untar } from '../../../src/tensors/node-download.js';

const { FLUXION_DATA: named, XDG_CACHE_HOME: cache } = process.env;
const data = ['cifar-10-batches-bin', '.']
  .map((folder) => join(named ?? '/work/shared/data', folder))
  .find((folder) => existsSync(join(folder, 'data_batch_1.bin')));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fluxion-cifar10-'));
  await useBackend('cpu');
});
afterEach(() => {
  Object.assign(process.env, { FLUXION_DATA: named, XDG_CACHE_HOME: cache });
  for (const [name, value] of Object.entries({ FLUXION_DATA: named, XDG_CACHE_HOME: cache })) {
    if (value === undefined) delete process.env[name];
  }
});
afterAll(() => rm(folder, { recursive: true }));

const inEmptyFolders = () =>
  Object.assign(process.env, { FLUXION_DATA: folder, XDG_CACHE_HOME: join(folder, 'cache') });

describe.skipIf(data === undefined)('cifar10, with its files in FLUXION_DATA', () => {
  beforeAll(() => void (process.env.FLUXION_DATA = data));

  it('takes the training files that are there, says how many, and gives pixel after pixel', async () => {
    process.env.FLUXION_DATA = data;
    const train = await cifar10('train');
    expect(train.size).toBe(10_000 * train.files.present);
    expect(train.files.whole).toBe(5);
    const batch = train.batch(Int32Array.of(0, 1, 2, 3, 4));
    // A frog, two lorries, a deer and a car, as the data set's page and every tutorial show them.
    expect([...tensors.values(batch.labels)]).toEqual([6, 9, 9, 4, 1]);
    const bytes = await readFile(join(data!, 'data_batch_1.bin'));
    const got = tensors.values(batch.inputs);
    for (const [image, pixel] of [
      [0, 0],
      [0, 33],
      [3, 1023],
    ]) {
      for (let channel = 0; channel < 3; channel++) {
        const level = bytes[3073 * image + 1 + 1024 * channel + pixel];
        expect(got[3072 * image + 3 * pixel + channel]).toBe(Math.fround(level / 255));
      }
    }
    train.release(batch);
  });

  it('alters the same batch in the same way', async () => {
    process.env.FLUXION_DATA = data;
    const plain = await cifar10('test');
    const altered = await cifar10('test', { crop: 4, flip: true });
    const values = (examples: typeof plain) => {
      const batch = examples.batch(Int32Array.of(1, 2, 3, 4));
      const list = [...tensors.values(batch.inputs)];
      examples.release(batch);
      return list;
    };
    expect(values(altered)).toEqual(values(altered));
    expect(values(altered)).not.toEqual(values(plain));
  });
});

describe('the archive of cifar10', () => {
  let server: Server;
  let url: string;
  let served: Uint8Array = new Uint8Array();
  beforeAll(async () => {
    server = createServer((_, response) => void response.end(served));
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tar.gz`;
  });
  afterAll(() => void server.close());

  it('is told where no data are there and none can be had', async () => {
    inEmptyFolders();
    const refused = { url: 'http://127.0.0.1:9/a.tar.gz', sum: '' };
    await expect(readCifar10('train', refused)).rejects.toThrow(
      `cifar10: no data are in ${folder}, and downloading them failed: http://127.0.0.1:9/a.tar.gz: `,
    );
    await expect(readCifar10('train', refused)).rejects.toThrow('name the folder with its six .bin files in');
    served = gzipSync(tarOf('a', Uint8Array.of(1)));
    const sum = createHash('sha256').update(served).digest('hex');
    await expect(readCifar10('train', { url, sum: 'ab' })).rejects.toThrow(`with sha256 ab, got ${sum}`);
  });

  it('is unpacked where it is downloaded to, and its files are checked each time', async () => {
    inEmptyFolders();
    served = gzipSync(tarOf('cifar-10-batches-bin/data_batch_1.bin', new Uint8Array(3073 * 10_000)));
    const sum = createHash('sha256').update(served).digest('hex');
    const file = join(folder, 'cifar-10-batches-bin', 'data_batch_1.bin');
    await expect(readCifar10('train', { url, sum })).rejects.toThrow(
      `${file}: expected the CIFAR-10 file with sha256 cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5, got `,
    );
    await writeFile(file, 'short');
    await expect(readCifar10('train', { url, sum: 'never asked for' })).rejects.toThrow(
      `${file}: expected 30730000 bytes, got 5`,
    );
  });
});

describe('untar', () => {
  it('gives names and data', () => {
    const [one, ...more] = untar(tarOf('folder/name', Uint8Array.of(3, 4, 5)));
    expect(one).toEqual({ name: 'folder/name', data: Uint8Array.of(3, 4, 5) });
    expect(more).toEqual([]);
  });

  it.each([
    ['../name', 'the archive holds ../name, which leads out of its folder'],
    ['/name', 'the archive holds /name, which leads out of its folder'],
    ['a/../../name', 'the archive holds a/../../name, which leads out of its folder'],
  ])('refuses %s', (name, message) => {
    expect(() => [...untar(tarOf(name, new Uint8Array(1)))]).toThrow(message);
  });

  it('refuses an archive that is cut off', () => {
    expect(() => [...untar(tarOf('name', new Uint8Array(600)).subarray(0, 1_000))]).toThrow(
      'the archive is cut off within name',
    );
  });
});

describe('an altered image', () => {
  const shape = { side: 3, channels: 1 };
  const image = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
  const seen = (crop: number, flip: boolean) => {
    const random = new Random(1);
    return new Set(
      Array.from({ length: 200 }, () => {
        const into = new Uint8Array(9);
        alteredImage(image, into, shape, { crop, flip }, random);
        return into.join('');
      }),
    );
  };

  it('is mirrored or not', () => expect(seen(0, true)).toEqual(new Set(['123456789', '321654987'])));

  it('is moved in nine ways, black coming in', () => {
    const moved = seen(1, false);
    expect(moved.size).toBe(9);
    for (const one of ['123456789', '000012045', '560890000', '456789000', '012045078']) {
      expect(moved).toContain(one);
    }
  });
});

/** An archive of one file. */
function tarOf(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(512 * (2 + Math.ceil(data.length / 512) + 1));
  const write = (text: string, at: number) => bytes.set(new TextEncoder().encode(text), at);
  write(name, 0);
  write(data.length.toString(8).padStart(11, '0'), 124);
  write('0', 156);
  bytes.set(data, 512);
  return bytes;
}
