import type { Mutant } from '../mutant.js';
import { agreementMutants } from './agreement.js';
import { boundMutants } from './bounds.js';
import { boxModelMutants } from './box-models.js';
import { conjugateMutants } from './conjugate.js';
import { dampedMutants } from './damped.js';
import { endMutants } from './ends.js';
import { estimateMutants } from './estimates.js';
import { limitedMemoryMutants } from './limited-memory.js';
import { lineSearchMutants } from './line-searches.js';
import { regionMutants } from './regions.js';
import { solverMutants } from './solvers.js';
import { stepMutants } from './steps.js';

/** Mistakes in searches, regions, damping and learnt curvature. */
export const secondOrderMutants: readonly Mutant[] = [
  ...agreementMutants,
  ...stepMutants,
  ...solverMutants,
  ...regionMutants,
  ...dampedMutants,
  ...conjugateMutants,
  ...estimateMutants,
  ...limitedMemoryMutants,
  ...lineSearchMutants,
  ...boundMutants,
  ...boxModelMutants,
  ...endMutants,
];
