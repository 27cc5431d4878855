/** ρ below which a step counts as one that raised the loss too far: it is not taken. */
export const worstRatio = -1;

/** ρ: how much the loss changed over how much was foretold; 1 where neither did, since no promise was broken. */
export function reductionRatio(change: number, predicted: number): number {
  return change === 0 && predicted === 0 ? 1 : change / predicted;
}

/**
 * What a damping is multiplied by, by the ratio ρ of the loss's reduction to the one predicted: `drop` where ρ > ¾,
 * 1/drop where ρ < ¼ or is no number, since such a model is not to be trusted.
 *
 * Source: Martens 2010, section 4.1.
 */
export function dampingFactor(ratio: number, drop: number): number {
  if (!(ratio >= 0.25)) return 1 / drop;
  return ratio > 0.75 ? drop : 1;
}

/**
 * The same with ω for drop, save that it is ω² where ρ > 0.95, and ω⁻⁴ where the step was refused, ρ < −1 or NaN, which
 * says that the model is trusted far too much.
 *
 * Source: Martens and Grosse 2015, section 6.5; the two exceptions are ours.
 *
 * @param omega ω in (0, 1)
 */
export function eagerDampingFactor(ratio: number, omega: number): number {
  if (!(ratio >= worstRatio)) return omega ** -4;
  return ratio > 0.95 ? omega ** 2 : dampingFactor(ratio, omega);
}
