import { adaptiveLaws } from './adaptive.js';
import { agreement } from './agreement.js';
import { averageLaws } from './averages.js';
import { compositionLaws } from './composition.js';
import { curvatureScaledLaws } from './curvature-scaled.js';
import { decayLaws } from './decay.js';
import { derivativeLaws } from './derivatives.js';
import { differenceLaws } from './differences.js';
import { distanceLaws } from './distance.js';
import { firstOrderLaws } from './first-order.js';
import { fisherScaledLaws } from './fisher-scaled.js';
import { fitLaws } from './fits.js';
import { kroneckerLaws } from './kronecker.js';
import type { Law } from './law.js';
import { layeredLaws } from './layered.js';
import { memoryLaws } from './memories.js';
import { modelCurvatureLaws } from './model-curvature.js';
import { modelStepLaws } from './model-steps.js';
import { naturalGradientLaws } from './natural-gradient.js';
import { networkAgreement } from './network-agreement.js';
import { operatorLaws } from './operators.js';
import { optionLaws } from './options.js';
import { orthogonalizationLaws } from './orthogonalization.js';
import { restLaws } from './rest.js';
import { rootLaws } from './roots.js';
import { secantStepsLaws } from './secant-steps.js';
import { secondOrderLaws } from './second-order/index.js';
import { residualAgreement } from './second-order/residual-agreement.js';
import { solverAgreement } from './second-order/solver-agreement.js';
import { contractLaws } from './second-order/solver-contract.js';
import { separationLaws } from './separation.js';
import { spectrumLaws } from './spectra.js';
import { symmetryLaws } from './symmetries.js';
import { universalLaws } from './universal.js';
import { utilityLaws } from './utilities.js';
import { whiteningLaws } from './whitening.js';

/** Every law there is, in the order of the numbers. */
export const catalogue: readonly Law[] = [
  ...universalLaws,
  ...contractLaws,
  agreement,
  solverAgreement,
  residualAgreement,
  networkAgreement,
  ...operatorLaws,
  ...optionLaws,
  ...[
    ...firstOrderLaws,
    ...symmetryLaws,
    ...derivativeLaws,
    ...adaptiveLaws,
    ...decayLaws,
    ...utilityLaws,
    ...compositionLaws,
    ...curvatureScaledLaws,
    ...fisherScaledLaws,
    ...naturalGradientLaws,
    ...secantStepsLaws,
    ...memoryLaws,
    ...averageLaws,
    ...distanceLaws,
    ...orthogonalizationLaws,
    ...secondOrderLaws,
    ...differenceLaws,
    ...fitLaws,
    ...rootLaws,
    ...spectrumLaws,
    ...kroneckerLaws,
    ...modelCurvatureLaws,
    ...layeredLaws,
    ...modelStepLaws,
    ...restLaws,
    ...separationLaws,
    ...whiteningLaws,
  ].sort((left, right) => Number.parseInt(left.id, 10) - Number.parseInt(right.id, 10)),
];
