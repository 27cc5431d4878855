import type { CurvatureKind } from '../../src/index.js';
import type { Named } from './named.js';
import type { Setting } from './network.js';

/** The curvatures of a network's mean loss that pass through its outputs. */
export interface CurvatureSubject extends Named {
  readonly kind: 'curvature';
  /** v ↦ Cv over the flattened parameters. */
  products(kind: Exclude<CurvatureKind, 'hessian'>, setting: Setting): (v: Float64Array) => Float64Array;
}

export const curvatureClaims = ['40', '41', '41b'];
