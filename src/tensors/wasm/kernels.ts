import { columnKernels } from './column-kernels.js';
import { dropoutKernels } from './dropout-kernel.js';
import { elementwiseKernels, rowwiseKernels } from './elementwise-kernels.js';
import { mirror } from './mirror-kernel.js';
import { momentsKernels } from './moments-kernel.js';
import { normKernels } from './norm-kernels.js';
import { normTangentKernels } from './norm-tangent-kernels.js';
import { copyBlock, pack4, product, tile } from './product-kernels.js';
import { softmaxKernels } from './softmax-kernels.js';
import { sumKernels } from './sum-kernels.js';
import { teamKernels } from './team-kernels.js';
import { windowKernels } from './window-kernels.js';

const others = {
  ...{ pack4, copyBlock, product, mirror },
  ...teamKernels,
  ...elementwiseKernels,
  ...rowwiseKernels,
  ...columnKernels,
  ...dropoutKernels,
  ...momentsKernels,
  ...normKernels,
  ...normTangentKernels,
  ...softmaxKernels,
  ...sumKernels,
  ...windowKernels,
};
const plain = { tile: tile(false), ...others };
const fused = { tile: tile(true), ...others };

/** All that a team can compute, with fused multiply-add or without. */
export const kernelsOf = (multiplyAdd: boolean) => (multiplyAdd ? fused : plain);
