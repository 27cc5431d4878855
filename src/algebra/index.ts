export type { Algebra } from './algebra.js';
export { float64, HostArray } from './float64.js';
export { Random } from './random.js';
export { restore, type Saved, SavedArray, save } from './saved.js';
export {
  entries,
  leaves,
  mapTree,
  releaseExcept,
  type State,
  type Tree,
  treeDot,
  zerosLike,
} from './tree.js';
