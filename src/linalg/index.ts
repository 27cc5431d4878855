export {
  type Cholesky,
  cholesky,
  choleskyLogDeterminant,
  choleskySolve,
  type NotPositiveDefinite,
} from './cholesky.js';
export { allFinite, type NonFinite } from './finite.js';
export { type Inverse, inverse, positiveDefiniteInverse } from './inverse.js';
export { type InverseRoot, inverseRoot } from './inverse-root.js';
export { type Lu, type LuWorkspace, lu, luDeterminant, luSolve, luWorkspace, type Singular } from './lu.js';
export { inverseNormEstimate, type MatrixNorm, matrixNorm } from './matrix-norm.js';
export {
  type ModifiedCholesky,
  type ModifiedCholeskyWorkspace,
  modifiedCholesky,
} from './modified-cholesky.js';
export { multiply, type Transposed } from './product.js';
export { type Pseudoinverse, type PseudoinverseOptions, pseudoinverse } from './pseudoinverse.js';
export {
  applyQ,
  type Qr,
  type QrOptions,
  type QrWorkspace,
  qr,
  qrSolve,
  qrWorkspace,
  upperFactor,
} from './qr.js';
export { type Svd, type SvdWorkspace, svd } from './svd.js';
export {
  type NotConverged,
  type SymmetricEigen,
  type SymmetricEigenWorkspace,
  symmetricEigen,
} from './symmetric-eigen.js';
export { type Solved, type Triangle, triangularSolve } from './triangular.js';
export { dot, matrixVector, norm } from './vector.js';
export { eigenbases, inverses } from './works.js';
