/** A rational number p/q, q > 0, in lowest terms. */
class Fraction {
  private constructor(
    readonly p: bigint,
    readonly q: bigint,
  ) {}

  static of(p: bigint, q = 1n): Fraction {
    let [a, b] = [p < 0n ? -p : p, q < 0n ? -q : q];
    while (b !== 0n) [a, b] = [b, a % b];
    const sign = q < 0n ? -1n : 1n;
    return new Fraction((sign * p) / (a || 1n), (sign * q) / (a || 1n));
  }

  /** A double is a fraction. */
  static from(x: number): Fraction {
    let power = 0n;
    let whole = x;
    while (!Number.isInteger(whole)) {
      whole *= 2;
      power++;
    }
    return Fraction.of(BigInt(whole), 1n << power);
  }

  plus(y: Fraction): Fraction {
    return Fraction.of(this.p * y.q + y.p * this.q, this.q * y.q);
  }

  times(y: Fraction): Fraction {
    return Fraction.of(this.p * y.p, this.q * y.q);
  }

  over(y: Fraction): Fraction {
    return Fraction.of(this.p * y.q, this.q * y.p);
  }

  negative(): Fraction {
    return Fraction.of(-this.p, this.q);
  }

  /** To about 2⁻¹⁰⁰ of its size before the last rounding. */
  toNumber(): number {
    const size = (x: bigint) => x.toString(2).length;
    const shift = 110 + size(this.q) - size(this.p < 0n ? -this.p : this.p);
    const scaled = shift >= 0 ? (this.p << BigInt(shift)) / this.q : this.p / (this.q << BigInt(-shift));
    return Number(scaled) * 2 ** -shift;
  }
}

/**
 * The p that minimizes ‖Jp + r‖² + δ‖Dp‖², from the normal equations (JᵀJ + δD²)p = −Jᵀr in exact rational
 * arithmetic, where their squared condition does no harm.
 *
 * @param squares D², exactly, as sums of squares of numbers: the rows of a matrix, each summed over its column.
 */
export function exactStep(
  jacobian: ArrayLike<number>,
  residuals: ArrayLike<number>,
  n: number,
  delta = 0,
  squares: ArrayLike<number> = [],
): number[] {
  const m = residuals.length;
  const j = Array.from(jacobian, Fraction.from);
  const d = Array.from(squares, Fraction.from);
  const zero = Fraction.of(0n);
  const inner = (rows: Fraction[], k: number, l: number) => {
    let total = zero;
    for (let i = 0; i < rows.length / n; i++) total = total.plus(rows[i * n + k].times(rows[i * n + l]));
    return total;
  };
  const system = Array.from({ length: n }, (_, k) => {
    const row = Array.from({ length: n }, (_, l) => inner(j, k, l));
    row[k] = row[k].plus(Fraction.from(delta).times(inner(d, k, k)));
    let right = zero;
    for (let i = 0; i < m; i++) right = right.plus(j[i * n + k].times(Fraction.from(residuals[i])));
    return [...row, right.negative()];
  });
  // Positive definite: no pivoting is needed where nothing is rounded.
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = system[i][k].over(system[k][k]).negative();
      system[i] = system[i].map((entry, l) => entry.plus(factor.times(system[k][l])));
    }
  }
  return system.map((row, k) => row[n].over(row[k]).toNumber());
}
