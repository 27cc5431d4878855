/**
 * How strongly steps are damped: δ, ruled by the gain ratio ρ, the actual decrease over the predicted one.
 *
 * Accepted: δ⁺ = δ·max(⅓, 1 − (2ρ − 1)³), which never rises for ρ ≥ ½ and is never higher for a higher ρ.
 * Rejected: δ⁺ = νδ with ν = 2, 4, 8, … while rejections follow one another.
 * Source: Nielsen 1999, IMM-REP-1999-05, equation 2.4.
 */
export class GainRatioDamping {
  private growth = 2;

  constructor(public value: number) {}

  accepted(gainRatio: number): void {
    this.value *= Math.max(1 / 3, 1 - (2 * gainRatio - 1) ** 3);
    this.growth = 2;
  }

  rejected(): void {
    this.value *= this.growth;
    this.growth *= 2;
  }
}
