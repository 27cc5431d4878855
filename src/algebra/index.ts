export type { Algebra } from './algebra.js';
export { type Counting, counting } from './counting.js';
export { DeviceLost } from './device-lost.js';
export { type Fault, type FaultInjecting, faultInjecting } from './fault-injecting.js';
export { float64 } from './float64.js';
export { HostArray } from './host-array.js';
export { named, nearestName } from './nearest-name.js';
export { type Poisoning, poisoning } from './poisoning.js';
export { Random, type Seeding } from './random.js';
export { restore, type Saved, SavedArray, save, savedArray } from './saved.js';
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
export type { Work } from './work.js';
