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
