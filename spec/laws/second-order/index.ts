import type { Law } from '../law.js';
import { dampedStepLaws } from './damped-steps.js';
import { estimateLaws } from './estimates.js';
import { gainRatioLaws } from './gain-ratio.js';
import { lineSearchLaws } from './line-search.js';
import { newtonLaws } from './newton.js';
import { quasiNewtonLaws } from './quasi-newton.js';
import { trustRegionLaws } from './trust-region.js';
import { univariateLaws } from './univariate.js';

/** The laws of searches, trust regions, damping and curvature learnt from steps. */
export const secondOrderLaws: readonly Law[] = [
  ...univariateLaws,
  ...newtonLaws,
  ...trustRegionLaws,
  ...dampedStepLaws,
  ...gainRatioLaws,
  ...estimateLaws,
  ...quasiNewtonLaws,
  ...lineSearchLaws,
];
