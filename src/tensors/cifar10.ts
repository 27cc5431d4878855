import { oneOf } from '../algebra/argument.js';
import { chosen, flag, type OptionsOf, whole } from '../algebra/option.js';
import type { Random } from '../algebra/random.js';
import type { Examples } from '../objective/problem.js';
import { alteredImage } from './altered-image.js';
import { useBackend } from './backend.js';
import type { Batch } from './batch.js';
import { imageExamples } from './image-examples.js';

export interface Cifar10Options {
  /** Moves each image by up to so many pixels in both directions, black coming in. */
  crop?: number;
  /** Whether about every second image is mirrored. */
  flip?: boolean;
}

export const cifar10Options: OptionsOf<Cifar10Options> = {
  crop: whole(0, '[0, 31]', 'pixels by which images are moved at random, black coming in'),
  flip: flag(false, 'whether images are mirrored at random'),
};

/** Images of CIFAR-10, and how many of its files they are of. */
export interface Cifar10Examples extends Examples<Batch> {
  readonly files: { readonly present: number; readonly whole: number };
}

const shape = { side: 32, channels: 3 };

/**
 * The small photographs of CIFAR-10: 50,000 to train on or 10,000 to test on, of those files that are there.
 *
 * Inputs [n, 3072], pixel after pixel, red, green and blue from 0…255 to [0, 1]; labels int32 [n], 0…9. Read from the
 * folder in the environment variable FLUXION_DATA, else downloaded once into the cache of this machine (170 MB), and
 * checked by sha256. Crops and flips are decided by the batch's own seed: the same batch, the same images. Chooses a
 * backend where none is in use yet. In Node only.
 * Source: Krizhevsky 2009; the crops and flips of He et al. 2016, section 4.2.
 *
 * @throws Error where there are no data and no network, or a file is not the one of CIFAR-10
 * @throws RangeError | TypeError naming an option that is not allowed
 * @example const train = await cifar10('train', { crop: 4, flip: true });
 */
export async function cifar10(
  part: 'train' | 'test',
  options: Cifar10Options = {},
): Promise<Cifar10Examples> {
  oneOf('cifar10', 'part', part, ['train', 'test']);
  const { crop, flip } = chosen('cifar10', cifar10Options, options);
  const { readCifar10 } = await import('./node-cifar10.js');
  const { images, labels, present, whole } = await readCifar10(part);
  await useBackend();
  const altered = (image: Uint8Array, into: Uint8Array, random: Random) =>
    alteredImage(image, into, shape, { crop, flip }, random);
  return {
    ...imageExamples(`cifar10/${part}`, images, labels, crop > 0 || flip ? altered : undefined),
    files: { present, whole },
  };
}
