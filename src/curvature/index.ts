export { damped, inverseOf, multipleOfIdentity, scaled, sum } from './combinations.js';
export {
  type ConjugateGradientsOptions,
  type ConjugateGradientsResult,
  conjugateGradients,
} from './conjugate-gradients.js';
export { denseOperator } from './dense-operator.js';
export { hutchinsonDiagonal, randomSigns, rowSums } from './diagonal-estimates.js';
export { diagonalOperator } from './diagonal-operator.js';
export {
  type ChainedBlock,
  type ChainLink,
  kroneckerChain,
  linkChain,
  linkFromHost,
  solveChain,
} from './kronecker-chain.js';
export { dampedFactors } from './kronecker-damping.js';
export {
  diagonalInBasis,
  inputsWithBias,
  type KroneckerFactors,
  kroneckerFactors,
  type LayerPass,
  type LayerRows,
  layerRows,
  type Sharing,
} from './kronecker-factors.js';
export {
  applyKronecker,
  inverseFromHost,
  invertKronecker,
  type KroneckerDamping,
  type KroneckerInverse,
  type KroneckerInversion,
  kroneckerBasis,
} from './kronecker-inverse.js';
export { type KroneckerOptions, kroneckerOperator } from './kronecker-operator.js';
export { type Lanczos, lanczos } from './lanczos.js';
export type { LayerBlock } from './layer-block.js';
export { able, type LinearOperator, type Solution, type Tag, tagged } from './linear-operator.js';
export { type LowRankOptions, lowRank } from './low-rank.js';
export { matrixFree } from './matrix-free.js';
export { restricted } from './restricted.js';
export {
  densityBins,
  hutchPlusPlus,
  type SpectralDensity,
  spectralDensity,
} from './spectral-density.js';
