import type { Mutant } from '../mutant.js';
import { dampedMutants } from './damped.js';
import { estimateMutants } from './estimates.js';
import { lineSearchMutants } from './line-searches.js';
import { regionMutants } from './regions.js';
import { solverMutants } from './solvers.js';

/** Mistakes in searches, regions, damping and learnt curvature. */
export const secondOrderMutants: readonly Mutant[] = [
  ...solverMutants,
  ...regionMutants,
  ...dampedMutants,
  ...estimateMutants,
  ...lineSearchMutants,
];
