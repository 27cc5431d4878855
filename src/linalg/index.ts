export {
  type Cholesky,
  cholesky,
  choleskyLogDeterminant,
  choleskySolve,
  type NotPositiveDefinite,
} from './cholesky.js';
export { allFinite, type NonFinite } from './finite.js';
export { type Lu, type LuWorkspace, lu, luDeterminant, luSolve, luWorkspace, type Singular } from './lu.js';
export { multiply, type Transposed } from './product.js';
export { type Svd, type SvdWorkspace, svd } from './svd.js';
export {
  type NotConverged,
  type SymmetricEigen,
  type SymmetricEigenWorkspace,
  symmetricEigen,
} from './symmetric-eigen.js';
