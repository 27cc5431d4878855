/** Triples run over depth, height and width; of images the depth is 1. */
export type Triple = readonly [number, number, number];

/** The windows that a convolution or a pooling looks through: of images [n, depth, height, width, channels]. */
export interface Windows {
  readonly batch: number;
  readonly channels: number;
  /** Of the images looked at. */
  readonly image: Triple;
  readonly size: Triple;
  readonly strides: Triple;
  readonly dilations: Triple;
  /** Zeros before the first entry. */
  readonly before: Triple;
  /** How many windows there are along each axis. */
  readonly count: Triple;
  /** Whether the places of a window are added up, into one row of channels. */
  readonly summed?: boolean;
}

export const rowsOf = ({ batch, count }: Windows) => batch * count[0] * count[1] * count[2];
export const placesOf = ({ size }: Windows) => size[0] * size[1] * size[2];
export const imageShape = ({ batch, image, channels }: Windows) => [batch, ...image, channels];

/** The matrix of what the windows see: a row a window. */
export const patchesShape = (windows: Windows): [number, number] => [
  rowsOf(windows),
  (windows.summed ? 1 : placesOf(windows)) * windows.channels,
];
