import { csv } from './csv.js';
import { jsonLines } from './json-lines.js';
import { parquet } from './parquet.js';
import { recordTable } from './record-table.js';
import { tensorboardTar } from './tensorboard.js';

/** The formats in which a record is one file: what its name ends in, and its pieces in their order. */
export const fileFormats = {
  csv: { ending: 'csv', pieces: (directory: string) => csv(recordTable(directory)) },
  jsonl: { ending: 'jsonl', pieces: jsonLines },
  parquet: { ending: 'parquet', pieces: (directory: string) => parquet(recordTable(directory)) },
} as const satisfies Readonly<Record<string, FileFormat>>;

/** The formats that a page offers: event files of TensorBoard, one a method, come together. */
export const downloads = {
  ...fileFormats,
  tensorboard: { ending: 'tensorboard.tar', pieces: tensorboardTar },
} as const satisfies Readonly<Record<string, FileFormat>>;

interface FileFormat {
  readonly ending: string;
  pieces(directory: string): Iterable<string | Uint8Array>;
}

export { crc32c } from './crc32c.js';
export { recordTable } from './record-table.js';
export { eventFilePaths, maskedCrc, tensorboardParts, tensorboardTar } from './tensorboard.js';
