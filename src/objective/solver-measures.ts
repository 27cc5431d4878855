import type { MeasureDescription } from './measure.js';

/** What iterations of solvers measure, by name. */
const meanings = {
  stepLength: 'α, how far the step goes along its direction',
  slope: 'gᵀp, the slope along the direction at its beginning',
  damping: 'δ, what is added to the curvature, in units of its scale; in a trust region its multiplier',
  radius: 'Δ, the radius of the region the last step was chosen in',
  gainRatio: 'ρ, the actual decrease over the predicted one: 1 where the model is right',
  predictedDecrease: 'by how much the model says the value falls',
  actualDecrease: 'by how much the value fell',
  iterations: 'iterations of conjugate gradients',
  residual: '‖r‖/‖g‖, what conjugate gradients left of Newton’s equations',
  negativeCurvature: 'dᵀHd/dᵀd of a direction of negative curvature that was met',
  rejections: 'steps that were tried and discarded in this iteration',
  rank: 'the numerical rank of the Jacobian',
  bend: '2‖a‖/‖p‖, the acceleration over the step: how far the residuals bend along it',
  curvature: "f'' at the point the step was taken from",
} as const;

/** Descriptions of some of the numbers that iterations measure. */
export function solverMeasures(...names: readonly (keyof typeof meanings)[]): readonly MeasureDescription[] {
  return names.map((name) => ({ name, kind: 'number', meaning: meanings[name] }));
}
