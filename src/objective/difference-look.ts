/** What the five values F(x − 2h) … F(x + 2h) say of a step h; all are norms over the components. */
export interface Look {
  readonly h: number;
  /** F(x), of the components that change. */
  readonly size: number;
  /** F(x + h) − F(x − h). */
  readonly first: number;
  /** F(x + h) − 2F(x) + F(x − h). */
  readonly second: number;
  /** The larger of the third and the fourth difference: what is neither linear nor quadratic at this step. */
  readonly higher: number;
  /** The deviation of the noise of the components that change. */
  readonly noise: number;
}

/** A derivative whose error is below this fraction of it is good: no more is spent on a better step. */
export const good = 1e-11;
/** A factor on the step that is this near to 1 brings nothing. */
export const balanced = 4;
/**
 * Third and fourth differences of less than so many deviations of the noise, of which √10 and √70 are usual, are noise;
 * where the derivative has few digits, so many more, as the noise may be more than rounding of the values.
 */
const [noisy, noisier] = [24, 400];
const fewDigits = 1e-8;
/** Steps are changed at most by this factor at a time. */
export const stride = 2 ** 10;

/** Whether nothing changes at this step. */
export function isStill({ first, second }: Look): boolean {
  return first === 0 && second === 0;
}

/** The error of ½(F(x + h) − F(x − h)): by truncation (D(2h) − D(h))/3 of the derivative, and by noise. */
export function errorOf({ higher, noise }: Look): number {
  return higher / 12 + noise;
}

/**
 * The error as a fraction of the derivative; where that vanishes, of √|F·F″|, what it is at a distance over which F
 * changes by itself.
 */
export function relativeError(look: Look): number {
  const { size, first, second, higher } = look;
  // A second difference no larger than those after it is noise.
  const bend = second > 4 * higher ? second : 0;
  const derivative = Math.max(first / 2, Math.sqrt(size) * Math.sqrt(bend));
  return derivative > 0 ? errorOf(look) / derivative : Number.POSITIVE_INFINITY;
}

/** By which factor the step should change so that the errors by truncation, ∝ h², and by noise, ∝ 1/h, are equal. */
export function betterBy(look: Look): number {
  const { size, first, second, higher, noise } = look;
  if (higher > (relativeError(look) > fewDigits ? noisier : noisy) * noise)
    return Math.max(stride ** -2, Math.cbrt((6 * noise) / higher));
  // Noise grows with F: no step pays over which F grows beyond itself.
  if (second > size && size > 0) {
    return Math.max(stride ** -2, Math.min(1 / (2 * balanced), Math.sqrt(size / second)));
  }
  // Nothing of third order is seen yet: as much longer as makes the derivative good.
  return Math.min(stride, Math.max(2 * balanced, (20 * noise) / (good * first)));
}
