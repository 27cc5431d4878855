export { decodeCheckpoint, encodeCheckpoint, namedArrays } from './checkpoint-bytes.js';
export { readCheckpoint, readParameters, writeCheckpoint, writeParameters } from './checkpoint-file.js';
