/**
 * B bitwise · R backward ratio, with LAPACK's threshold of 30 · K forward error bounded through a condition
 * number · I inequality with an allowance for rounding · S statistical, at most six standard deviations.
 */
export type ToleranceClass = 'B' | 'R' | 'K' | 'I' | 'S';

/** How far an observation lies from what a law demands, in units of what the law allows: above 1 it is broken. */
export interface Deviation {
  readonly ratio: number;
  /** The quantity compared, for a person. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
}

/** LAPACK's threshold for residuals over norms · n · ε. */
export const threshold = 30;
/** |z| above which a statistical law is broken: once in 5·10⁸ fair trials. */
export const mostSigmas = 6;

type Values = ArrayLike<number>;

/** B: equal bit for bit, save that −0 = +0; a NaN equals a NaN. */
export function bitwise(what: string, got: Values | number, expected: Values | number): Deviation {
  const left = typeof got === 'number' ? [got] : got;
  const right = typeof expected === 'number' ? [expected] : expected;
  let same = left.length === right.length;
  for (let i = 0; same && i < left.length; i++) {
    same = left[i] === right[i] || (Number.isNaN(left[i]) && Number.isNaN(right[i]));
  }
  return same
    ? within(what, 0)
    : { ratio: Number.POSITIVE_INFINITY, what, expected: text(right), got: text(left) };
}

/** R: ‖residual‖ ≤ 30 · norms · n · ε, where the norms include those of the data. */
export function backward(
  what: string,
  residual: number,
  norms: number,
  n: number,
  epsilon: number,
): Deviation {
  return bounded(what, residual, threshold * norms * Math.max(1, n) * epsilon);
}

/** K: error ≤ 30 · scale · n · κ · ε. */
export function forward(
  what: string,
  error: number,
  scale: number,
  n: number,
  kappa: number,
  epsilon: number,
): Deviation {
  return bounded(what, error, threshold * scale * Math.max(1, n) * kappa * epsilon);
}

/** Whether n·κ·ε leaves enough digits to compare. Samples beyond it are discarded. */
export function comparable(n: number, kappa: number, epsilon: number): boolean {
  return n * kappa * epsilon <= 1e-3;
}

/** I: smaller ≤ larger + 16 · n · ε · S, with S the sum of the absolute values of all terms on both sides. */
export function atMost(
  what: string,
  smaller: number,
  larger: number,
  n: number,
  epsilon: number,
  terms: number,
): Deviation {
  const excess = smaller - larger;
  if (excess <= 0) return within(what, 0);
  const allowed = 16 * Math.max(1, n) * epsilon * terms;
  const quotient = ratio(excess, allowed);
  if (quotient <= 1) return within(what, quotient);
  return { ratio: quotient, what, expected: `≤ ${larger} (+ ${short(allowed)})`, got: String(smaller) };
}

/** An error bound that the law states itself. */
export function bounded(what: string, error: number, allowed: number): Deviation {
  const quotient = ratio(error, allowed);
  if (quotient <= 1) return within(what, quotient);
  return { ratio: quotient, what, expected: `an error of at most ${short(allowed)}`, got: short(error) };
}

/** The same, told by the two values and not by their distance. */
export function valued(deviation: Deviation, expected: number, got: number): Deviation {
  if (deviation.ratio <= 1) return deviation;
  return { ...deviation, expected: String(expected), got: String(got) };
}

/** S: |z| ≤ 6. */
export function statistical(what: string, z: number): Deviation {
  return bounded(what, Math.abs(z), mostSigmas);
}

/** What is allowed needs no words: they would cost more than the comparison. */
function within(what: string, ratio: number): Deviation {
  return { ratio, what, expected: 'what was got', got: 'what was expected' };
}

function ratio(error: number, allowed: number): number {
  if (error === 0) return 0;
  const quotient = error / allowed;
  return Number.isNaN(quotient) ? Number.POSITIVE_INFINITY : quotient;
}

function text(values: Values): string {
  const shown = Array.from({ length: Math.min(values.length, 8) }, (_, i) => String(values[i]));
  return `[${shown.join(', ')}${values.length > 8 ? ', …' : ''}]`;
}

function short(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(3) : String(value);
}
