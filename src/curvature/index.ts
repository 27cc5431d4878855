export { damped, inverseOf, multipleOfIdentity, scaled, sum } from './combinations.js';
export {
  type ConjugateGradientsOptions,
  type ConjugateGradientsResult,
  conjugateGradients,
} from './conjugate-gradients.js';
export { denseOperator } from './dense-operator.js';
export { diagonalOperator } from './diagonal-operator.js';
export { able, type LinearOperator, type Solution, type Tag, tagged } from './linear-operator.js';
export { matrixFree } from './matrix-free.js';
export { restricted } from './restricted.js';
