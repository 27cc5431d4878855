export { type AsOptimizerOptions, asOptimizer, MethodOptimizer } from './as-optimizer.js';
export {
  autoencoder,
  type ReconstructionOptions,
  reconstruction,
} from './autoencoder.js';
export { type BackendName, backendNames, kernelsInUse, useBackend } from './backend.js';
export type { Batch } from './batch.js';
export { binaryCrossEntropy } from './binary-cross-entropy.js';
export { type Cifar10Examples, type Cifar10Options, cifar10, cifar10Options } from './cifar10.js';
export { type ClassificationOptions, classification } from './classification.js';
export { crossEntropy } from './cross-entropy.js';
export { type Diagnosis, diagnose } from './diagnose.js';
export { type FlattenedLoss, flattenedLoss } from './flattened-loss.js';
export { fromLayers, type LayersLosses } from './from-layers.js';
export { fromLoss, type UserModel } from './from-loss.js';
export { gaussianLikelihood } from './gaussian-likelihood.js';
export { valueAndGradient } from './gradient.js';
export { type GradientRepair, repairGradients } from './gradients/repair-gradients.js';
export { imageExamples } from './image-examples.js';
export type { Initializer } from './initializer.js';
export type { Loss, LossCurvature } from './loss.js';
export { type MlpOptions, mlp } from './mlp.js';
export { mnist } from './mnist.js';
export type { Model } from './model.js';
export { type RegressionOptions, regression } from './regression.js';
export { softmaxRegression } from './softmax-regression.js';
export { squaredError } from './squared-error.js';
export { tensors } from './tensors.js';
export { type TinyVitOptions, tinyVit } from './tiny-vit.js';
export type { WasmOptions } from './wasm/start.js';
