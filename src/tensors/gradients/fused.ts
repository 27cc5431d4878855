import { attentionOperation } from '../operations/attention.js';
import { denseGradients } from '../operations/dense.js';
import { dropoutGradients } from '../operations/dropout.js';
import { fusedGradients } from '../operations/fused.js';
import { geluOperation } from '../operations/gelu.js';
import { layerNormOperation } from '../operations/layer-norm.js';
import type { Family } from './gradient.js';

/** Kernels of ours that do the work of several operations. */
export const fused: Family = (tf) => [
  ...denseGradients(tf),
  ...dropoutGradients(tf),
  ...[attentionOperation, geluOperation, layerNormOperation].flatMap((operation) =>
    fusedGradients(tf, operation),
  ),
];
