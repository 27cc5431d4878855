import { copyBlock, pack4, product, tile } from './product-kernels.js';
import { teamKernels } from './team-kernels.js';

const others = { pack4, copyBlock, product, ...teamKernels };
const plain = { tile: tile(false), ...others };
const fused = { tile: tile(true), ...others };

/** All that a team can compute, with fused multiply-add or without. */
export const kernelsOf = (multiplyAdd: boolean) => (multiplyAdd ? fused : plain);
