import { placesOf, type Windows } from './window-shape.js';

type Values = Float32Array | Int32Array;

/** For each place of each window, which pixel of an image it sees; −1 beyond the image. */
export function pixelsSeen({ image, size, strides, dilations, before, count }: Windows): Int32Array {
  const [depth, height, width] = image;
  const seen = new Int32Array(count[0] * count[1] * count[2] * size[0] * size[1] * size[2]);
  let next = 0;
  for (let d = 0; d < count[0]; d++) {
    for (let h = 0; h < count[1]; h++) {
      for (let w = 0; w < count[2]; w++) {
        for (let i = 0; i < size[0]; i++) {
          const z = d * strides[0] - before[0] + i * dilations[0];
          for (let j = 0; j < size[1]; j++) {
            const y = h * strides[1] - before[1] + j * dilations[1];
            const row = z < 0 || z >= depth || y < 0 || y >= height ? -1 : (z * height + y) * width;
            for (let k = 0; k < size[2]; k++) {
              const x = w * strides[2] - before[2] + k * dilations[2];
              seen[next++] = row < 0 || x < 0 || x >= width ? -1 : row + x;
            }
          }
        }
      }
    }
  }
  return seen;
}

const pixelsOf = ({ image }: Windows) => image[0] * image[1] * image[2];

/** Writes what each window sees, or adds it up over the window's places; `to` comes filled with zeros. */
export function copyPatches(from: Values, to: Values, windows: Windows): void {
  const { batch, channels, summed } = windows;
  const [seen, places, step] = [pixelsSeen(windows), placesOf(windows), pixelsOf(windows) * channels];
  let next = 0;
  for (let n = 0, image = 0; n < batch; n++, image += step) {
    if (summed) {
      for (let s = 0; s < seen.length; s += places, next += channels) {
        for (let p = s; p < s + places; p++) {
          if (seen[p] < 0) continue;
          const at = image + seen[p] * channels;
          for (let c = 0; c < channels; c++) to[next + c] += from[at + c];
        }
      }
    } else if (channels === 1) {
      for (let s = 0; s < seen.length; s++, next++) if (seen[s] >= 0) to[next] = from[image + seen[s]];
    } else {
      for (let s = 0; s < seen.length; s++, next += channels) {
        if (seen[s] < 0) continue;
        const at = image + seen[s] * channels;
        for (let c = 0; c < channels; c++) to[next + c] = from[at + c];
      }
    }
  }
}

/** The transpose of `copyPatches`: adds each entry to where it was seen; `to` comes filled with zeros. */
export function addPatches(from: Values, to: Values, windows: Windows): void {
  const { batch, channels, summed } = windows;
  const [seen, places, step] = [pixelsSeen(windows), placesOf(windows), pixelsOf(windows) * channels];
  let next = 0;
  for (let n = 0, image = 0; n < batch; n++, image += step) {
    for (let s = 0; s < seen.length; s += places) {
      for (let p = s; p < s + places; p++) {
        if (seen[p] >= 0) {
          const at = image + seen[p] * channels;
          for (let c = 0; c < channels; c++) to[at + c] += from[next + c];
        }
        if (!summed) next += channels;
      }
      if (summed) next += channels;
    }
  }
}

/** Where the largest entry of each window lies, channel by channel: the first of equals, a NaN before all. */
export function findLargest(from: Values, to: Int32Array, windows: Windows): void {
  const { batch, channels } = windows;
  const [seen, places, step] = [pixelsSeen(windows), placesOf(windows), pixelsOf(windows) * channels];
  let next = 0;
  for (let n = 0, image = 0; n < batch; n++, image += step) {
    for (let s = 0; s < seen.length; s += places, next += channels) {
      for (let c = 0; c < channels; c++) {
        let found = -1;
        let largest = 0;
        for (let p = s; p < s + places; p++) {
          if (seen[p] < 0) continue;
          const at = image + seen[p] * channels + c;
          const value = from[at];
          if (found >= 0 && (value <= largest || Number.isNaN(largest))) continue;
          found = at;
          largest = value;
        }
        to[next + c] = found;
      }
    }
  }
}
