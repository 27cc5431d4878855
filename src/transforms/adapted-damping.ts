/** ρ below which a step counts as one that raised the loss too far: it is not taken. */
export const worstRatio = -1;

/**
 * What λ is multiplied by after a step whose reduction of the loss was ρ times the one foretold: ω⁻¹ where ρ < ¼, ω where
 * ρ > ¾, ω² where ρ > 0.95, and ω⁻⁴ where the step was refused, ρ < −1 or NaN, which says that the model is trusted far
 * too much.
 *
 * Source: Martens and Grosse 2015, section 6.5; the last two are ours.
 *
 * @param omega ω in (0, 1)
 */
export function dampingFactor(rho: number, omega: number): number {
  if (!(rho >= worstRatio)) return omega ** -4;
  if (rho < 0.25) return 1 / omega;
  if (rho > 0.95) return omega ** 2;
  return rho > 0.75 ? omega : 1;
}
