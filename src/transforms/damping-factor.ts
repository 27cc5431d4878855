/** ρ below which a model was trusted far too much. */
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
 * The same with ω for drop, save that it is ω² where ρ > 0.95, and ω⁻⁴ where ρ < −1 or NaN, the model trusted far too
 * much; and that the batches after have a say: by τ, the multiple of the last steps that would have been best on them, it is no
 * less than 1 where τ < 0.9, and 1/ω at least where τ < ½, with which those steps gained nothing.
 *
 * On its own batch a step keeps its promise even where it fits nothing but that batch's noise.
 * Source: Martens and Grosse 2015, section 6.5; the exceptions and τ are ours.
 *
 * @param omega ω in (0, 1)
 */
export function eagerDampingFactor(ratio: number, omega: number, multiple = 1): number {
  if (!(ratio >= worstRatio)) return omega ** -4;
  const own = ratio > 0.95 ? omega ** 2 : dampingFactor(ratio, omega);
  if (!(multiple >= 0.5)) return 1 / omega;
  return multiple >= 0.9 ? own : Math.max(own, 1);
}
