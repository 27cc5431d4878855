import type { Random } from '../algebra/random.js';

/** Pixels along a side, and numbers a pixel. */
export interface ImageShape {
  readonly side: number;
  readonly channels: number;
}

/**
 * Writes a square image moved by up to `crop` pixels in both directions, black coming in, and, where images are
 * mirrored, every second one the other way round.
 *
 * Source: He et al. 2016, section 4.2.
 */
export function alteredImage(
  image: Uint8Array,
  into: Uint8Array,
  { side, channels }: ImageShape,
  { crop, flip }: { readonly crop: number; readonly flip: boolean },
  random: Random,
): void {
  const [down, right] = [random.integer(2 * crop + 1) - crop, random.integer(2 * crop + 1) - crop];
  const mirrored = flip && random.uniform() < 0.5;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [fromY, fromX] = [y + down, (mirrored ? side - 1 - x : x) + right];
      const inside = fromY >= 0 && fromY < side && fromX >= 0 && fromX < side;
      const [to, from] = [channels * (y * side + x), channels * (fromY * side + fromX)];
      for (let c = 0; c < channels; c++) into[to + c] = inside ? image[from + c] : 0;
    }
  }
}
