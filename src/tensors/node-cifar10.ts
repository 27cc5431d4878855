import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { downloadArchive } from './node-download.js';

/** The six files of Krizhevsky 2009 in their binary layout, and the sha256 of each. */
const files = {
  train: [
    ['data_batch_1.bin', 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5'],
    ['data_batch_2.bin', 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed'],
    ['data_batch_3.bin', 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67'],
    ['data_batch_4.bin', '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48'],
    ['data_batch_5.bin', '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add'],
  ],
  test: [['test_batch.bin', '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b']],
} as const;

const archive = {
  url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
  sum: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
};
const folderName = 'cifar-10-batches-bin';
const [pixels, channels, perFile] = [32 * 32, 3, 10_000];
const record = 1 + pixels * channels;

export interface Cifar10Files {
  /** Pixel after pixel, red, green and blue of each: [n·3072]. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
  /** How many of its files are there, and how many there should be. */
  readonly present: number;
  readonly whole: number;
}

/**
 * The images and labels of one half: of those of its files that are in the folder in FLUXION_DATA (or in
 * `cifar-10-batches-bin` inside it) or in the cache of this machine, else of the archive, downloaded into one of them.
 *
 * @throws Error where none is there and none can be downloaded, or a file is not the one of CIFAR-10
 */
export async function readCifar10(part: 'train' | 'test', from = archive): Promise<Cifar10Files> {
  const folder = folderWith(part) ?? (await downloaded(from));
  const there = files[part].filter(([name]) => existsSync(join(folder, name)));
  if (there.length === 0) throw new Error(`cifar10: ${folder} holds no ${files[part][0][0]}`);
  const images = new Uint8Array(there.length * perFile * pixels * channels);
  const labels = new Uint8Array(there.length * perFile);
  for (const [i, [name, sum]] of there.entries()) {
    const bytes = await readChecked(join(folder, name), sum);
    for (let n = 0; n < perFile; n++) {
      const [source, image] = [n * record, i * perFile + n];
      labels[image] = bytes[source];
      interleave(bytes, source + 1, images, image * pixels * channels);
    }
  }
  return { images, labels, present: there.length, whole: files[part].length };
}

/** Three planes of one image, one for each colour, to its pixels one after another. */
function interleave(planes: Uint8Array, from: number, images: Uint8Array, to: number): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      images[to + pixel * channels + channel] = planes[from + channel * pixels + pixel];
    }
  }
}

function folderWith(part: 'train' | 'test'): string | undefined {
  const { FLUXION_DATA: named } = process.env;
  const places = [...(named === undefined ? [] : [named]), cache()];
  return places
    .flatMap((place) => [join(place, folderName), place])
    .find((folder) => files[part].some(([name]) => existsSync(join(folder, name))));
}

function cache(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'fluxion');
}

async function downloaded({ url, sum }: typeof archive): Promise<string> {
  const into = process.env.FLUXION_DATA ?? cache();
  try {
    await downloadArchive(url, sum, into);
  } catch (error) {
    throw new Error(
      `cifar10: no data are in ${into}, and downloading them failed: ${(error as Error).message}; ` +
        `download ${url} elsewhere, unpack it, and name the folder with its six .bin files in FLUXION_DATA`,
      { cause: error },
    );
  }
  return join(into, folderName);
}

async function readChecked(path: string, sum: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new Error(`cifar10: cannot read ${path}: ${error.message}`);
  });
  if (bytes.length !== record * perFile) {
    throw new Error(`${path}: expected ${record * perFile} bytes, got ${bytes.length}`);
  }
  const got = createHash('sha256').update(bytes).digest('hex');
  if (got !== sum) throw new Error(`${path}: expected the CIFAR-10 file with sha256 ${sum}, got ${got}`);
  return bytes;
}
