import { adamMutants } from './adam.js';
import { adaptiveMutants } from './adaptive.js';
import { averageMutants } from './averages.js';
import { compositionMutants } from './composition.js';
import { contractMutants } from './contract.js';
import { curvatureScaledMutants } from './curvature-scaled.js';
import { differenceMutants } from './differences.js';
import { distanceMutants } from './distance.js';
import { firstOrderMutants } from './first-order.js';
import { fisherScaledMutants } from './fisher-scaled.js';
import { fitMutants } from './fits.js';
import { kfacMutants } from './kfac.js';
import { memoryMutants } from './memories.js';
import { modelCurvatureMutants } from './model-curvature.js';
import { muonMutants } from './muon.js';
import type { Mutant } from './mutant.js';
import { naturalGradientMutants } from './natural-gradient.js';
import { optionMutants } from './options.js';
import { partMutants } from './parts.js';
import { problemMutants } from './problems.js';
import { psgdKronMutants } from './psgd-kron.js';
import { restMutants } from './rest.js';
import { rootMutants } from './roots.js';
import { secantStepsMutants } from './secant-steps.js';
import { secondOrderMutants } from './second-order/index.js';
import { shampooMutants } from './shampoo.js';
import { soapMutants } from './soap.js';
import { spectrumMutants } from './spectra.js';
import { utilityMutants } from './utilities.js';

export type { Mutant } from './mutant.js';

/** The gallery: known mistakes made again, each with the law that finds it. */
export const mutants: readonly Mutant[] = [
  ...contractMutants,
  ...firstOrderMutants,
  ...adaptiveMutants,
  ...adamMutants,
  ...utilityMutants,
  ...problemMutants,
  ...optionMutants,
  ...partMutants,
  ...compositionMutants,
  ...curvatureScaledMutants,
  ...fisherScaledMutants,
  ...naturalGradientMutants,
  ...secantStepsMutants,
  ...memoryMutants,
  ...averageMutants,
  ...distanceMutants,
  ...differenceMutants,
  ...fitMutants,
  ...muonMutants,
  ...secondOrderMutants,
  ...restMutants,
  ...rootMutants,
  ...spectrumMutants,
  ...shampooMutants,
  ...soapMutants,
  ...psgdKronMutants,
  ...modelCurvatureMutants,
  ...kfacMutants,
];
