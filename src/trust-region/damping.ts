/**
 * How strongly steps are damped: δ, ruled by the gain ratio ρ, the actual decrease over the predicted one.
 *
 * Accepted: δ⁺ = δ·max(⅓, 1 − (2ρ − 1)³), which never rises for ρ ≥ ½ and is never higher for a higher ρ; where ⅓
 * follows on ⅓, 1/9 in its place. Rejected: δ⁺ = νδ with ν = 2, 4, 8, … while rejections follow one another.
 * Source: Nielsen 1999, IMM-REP-1999-05, equation 2.4; the square of ⅓ is ours, for a δ that starts far too high.
 */
export class GainRatioDamping {
  private growth = 2;
  private fell = false;

  constructor(public value: number) {}

  accepted(gainRatio: number): void {
    const factor = 1 - (2 * gainRatio - 1) ** 3;
    const falls = factor <= 1 / 3;
    this.value *= falls ? (this.fell ? 1 / 9 : 1 / 3) : factor;
    this.fell = falls;
    this.growth = 2;
  }

  rejected(): void {
    this.value *= this.growth;
    this.growth *= 2;
    this.fell = false;
  }
}
