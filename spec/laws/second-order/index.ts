import type { Law } from '../law.js';
import { acceptanceLaws } from './acceptance.js';
import { boundLaws } from './bounds.js';
import { boxModelLaws } from './box-models.js';
import { conjugateLaws } from './conjugate-directions.js';
import { dampedLeastSquaresLaws } from './damped-least-squares.js';
import { estimateStructureLaws } from './estimate-structure.js';
import { exactStepLaws } from './exact-steps.js';
import { firstTrialLaws } from './first-trials.js';
import { gainRatioLaws } from './gain-ratio.js';
import { lastLook } from './last-look.js';
import { lineSearchLaws } from './line-search.js';
import { marquardtRules } from './marquardt-rules.js';
import { newtonLaws } from './newton.js';
import { publishedMemory } from './published-memory.js';
import { quasiNewtonLaws } from './quasi-newton.js';
import { scaleInvarianceLaws } from './scale-invariance.js';
import { secantEstimateLaws } from './secant-estimates.js';
import { spectralStepLaws } from './spectral-steps.js';
import { trustRegionLaws } from './trust-region.js';
import { unitLaws } from './units.js';
import { univariateLaws } from './univariate.js';

/** The laws of searches, trust regions, damping and curvature learnt from steps. */
export const secondOrderLaws: readonly Law[] = [
  ...univariateLaws,
  ...newtonLaws,
  ...spectralStepLaws,
  ...trustRegionLaws,
  ...acceptanceLaws,
  ...dampedLeastSquaresLaws,
  ...marquardtRules,
  ...scaleInvarianceLaws,
  ...gainRatioLaws,
  ...secantEstimateLaws,
  ...estimateStructureLaws,
  ...exactStepLaws,
  ...quasiNewtonLaws,
  ...lineSearchLaws,
  ...unitLaws,
  ...boundLaws,
  ...boxModelLaws,
  lastLook,
  ...conjugateLaws,
  ...firstTrialLaws,
  publishedMemory,
];
