import { placesOf, type Windows } from './window-shape.js';

type Values = Float32Array | Int32Array;

/**
 * Calls back for each row of an image that a row of a window lies on: `first` of `steps` places in the window
 * (those from `from` on), and where the first of them lies in the image.
 */
function walk(
  { batch, channels, image, size, strides, dilations, before, count }: Windows,
  visit: (window: number, place: number, at: number, places: number) => void,
): void {
  const [depth, height, width] = image;
  let window = 0;
  for (let n = 0; n < batch; n++) {
    for (let d = 0; d < count[0]; d++) {
      for (let h = 0; h < count[1]; h++) {
        for (let w = 0; w < count[2]; w++, window++) {
          const left = w * strides[2] - before[2];
          const step = dilations[2];
          const from = left < 0 ? Math.ceil(-left / step) : 0;
          const to = Math.min(size[2], Math.ceil((width - left) / step));
          if (to <= from) continue;
          for (let i = 0; i < size[0]; i++) {
            const z = d * strides[0] - before[0] + i * dilations[0];
            if (z < 0 || z >= depth) continue;
            for (let j = 0; j < size[1]; j++) {
              const y = h * strides[1] - before[1] + j * dilations[1];
              if (y < 0 || y >= height) continue;
              const place = (i * size[1] + j) * size[2] + from;
              const at = (((n * depth + z) * height + y) * width + left + from * step) * channels;
              visit(window, place, at, to - from);
            }
          }
        }
      }
    }
  }
}

/** Writes what each window sees; `to` comes filled with zeros. */
export function copyPatches(from: Values, to: Values, windows: Windows): void {
  const { channels } = windows;
  const stride = windows.dilations[2] * channels;
  const row = placesOf(windows) * channels;
  walk(windows, (window, place, at, places) => {
    let target = window * row + place * channels;
    if (stride === channels) {
      for (const end = at + places * channels; at < end; at++, target++) to[target] = from[at];
      return;
    }
    for (let p = 0; p < places; p++, at += stride) {
      for (let c = 0; c < channels; c++, target++) to[target] = from[at + c];
    }
  });
}

/** Adds what each window holds to where it looked; `to` comes filled with zeros. */
export function addPatches(from: Values, to: Values, windows: Windows): void {
  const { channels } = windows;
  const stride = windows.dilations[2] * channels;
  const row = placesOf(windows) * channels;
  walk(windows, (window, place, at, places) => {
    let source = window * row + place * channels;
    if (stride === channels) {
      for (const end = at + places * channels; at < end; at++, source++) to[at] += from[source];
      return;
    }
    for (let p = 0; p < places; p++, at += stride) {
      for (let c = 0; c < channels; c++, source++) to[at + c] += from[source];
    }
  });
}

/** Where in the image the largest entry of each window lies, channel by channel: the first of equals, a NaN before all. */
export function findLargest(from: Values, to: Int32Array, windows: Windows): void {
  const { channels } = windows;
  const stride = windows.dilations[2] * channels;
  const largest = new Float32Array(channels);
  let last = -1;
  walk(windows, (window, _, at, places) => {
    const target = window * channels;
    for (let p = 0; p < places; p++, at += stride) {
      for (let c = 0; c < channels; c++) {
        const value = from[at + c];
        const lost = Number.isNaN(largest[c]) || !(value > largest[c] || Number.isNaN(value));
        if (window === last && lost) continue;
        largest[c] = value;
        to[target + c] = at + c;
      }
      last = window;
    }
  });
}
