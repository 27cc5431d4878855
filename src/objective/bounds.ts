import { knownOptions, oneOf, shown } from '../algebra/argument.js';

/** Bounds l ≤ x ≤ u on the variables of a run. A variable whose bounds are equal is fixed. */
export interface Bounds {
  /** l, one number for all variables or one for each; −∞ where there is none. */
  lower?: number | ArrayLike<number>;
  /** u, likewise; ∞ where there is none. */
  upper?: number | ArrayLike<number>;
  /** What becomes of a start outside: 'refused', unless it may be 'moved' to the nearest point inside. */
  outside?: 'refused' | 'moved';
}

/**
 * The box l ≤ x ≤ u: what lies in it, and which variables it holds.
 *
 * A variable is held where it stands at a bound and −g leads out; fixed ones are held always. At a minimum in the box g
 * is 0 for all that are not held (the first-order conditions of Karush, Kuhn and Tucker).
 */
export class Box {
  constructor(
    readonly lower: Float64Array,
    readonly upper: Float64Array,
  ) {}

  contains(x: Float64Array): boolean {
    return x.every((xi, i) => xi >= this.lower[i] && xi <= this.upper[i]);
  }

  /** Moves x to the nearest point inside. */
  clip(x: Float64Array): void {
    const { lower, upper } = this;
    for (let i = 0; i < x.length; i++) {
      if (x[i] < lower[i]) x[i] = lower[i];
      else if (x[i] > upper[i]) x[i] = upper[i];
    }
  }

  /** Moves x = origin + αp inside, and onto a bound towards which p leads and that it misses by rounding. */
  land(x: Float64Array, origin: Float64Array, p: Float64Array, alpha: number): void {
    const { lower, upper } = this;
    for (let i = 0; i < x.length; i++) {
      const step = alpha * p[i];
      const rounding = Number.EPSILON * (Math.abs(origin[i]) + Math.abs(step));
      if (step > 0 && x[i] > upper[i] - rounding) x[i] = upper[i];
      else if (step < 0 && x[i] < lower[i] + rounding) x[i] = lower[i];
    }
  }

  /** Whether variable i cannot follow −g. */
  holds(i: number, x: Float64Array, gradient: Float64Array): boolean {
    const { lower, upper } = this;
    if (lower[i] === upper[i]) return true;
    return gradient[i] > 0 ? x[i] <= lower[i] : gradient[i] < 0 && x[i] >= upper[i];
  }

  /** into ← g, with 0 for the variables that are held. */
  free(x: Float64Array, gradient: Float64Array, into = new Float64Array(x.length)): Float64Array {
    for (let i = 0; i < x.length; i++) into[i] = this.holds(i, x, gradient) ? 0 : gradient[i];
    return into;
  }

  /** The largest α for which x + αp lies inside; ∞ where no bound is met. */
  reach(x: Float64Array, p: Float64Array): number {
    const { lower, upper } = this;
    let most = Number.POSITIVE_INFINITY;
    for (let i = 0; i < x.length; i++) {
      if (p[i] === 0) continue;
      const alpha = ((p[i] > 0 ? upper[i] : lower[i]) - x[i]) / p[i];
      if (alpha < most) most = alpha;
    }
    return most;
  }

  /** The same box with the variables divided by a power of two, one for all or one for each. */
  inUnits(length: number | Float64Array): Box {
    const scaled = (bound: number, i: number) => bound / (typeof length === 'number' ? length : length[i]);
    return new Box(this.lower.map(scaled), this.upper.map(scaled));
  }
}

/**
 * The box of the bounds given for n variables.
 *
 * @throws TypeError or RangeError naming the bound that is no number, of the wrong length, or on the wrong side
 */
export function boxOf(where: string, bounds: Bounds, n: number): Box {
  knownOptions(`${where}(bounds)`, bounds, ['lower', 'upper', 'outside']);
  const lower = side(where, 'lower', bounds.lower, n, Number.NEGATIVE_INFINITY);
  const upper = side(where, 'upper', bounds.upper, n, Number.POSITIVE_INFINITY);
  const crossed = lower.findIndex((bound, i) => bound > upper[i]);
  if (crossed >= 0) {
    throw new RangeError(
      `${where}(bounds): expected lower ≤ upper, got ${lower[crossed]} > ${upper[crossed]} at index ${crossed}`,
    );
  }
  return new Box(lower, upper);
}

/**
 * A start as the bounds want it: as it is where it lies inside, else moved where that is asked for.
 *
 * @throws RangeError naming the first variable outside
 */
export function startInside(where: string, x: Float64Array, box: Box, outside: Bounds['outside']): void {
  const rule = oneOf(where, 'bounds.outside', outside ?? 'refused', ['refused', 'moved']);
  if (rule === 'moved') box.clip(x);
  const i = x.findIndex((xi, at) => !(xi >= box.lower[at] && xi <= box.upper[at]));
  if (i < 0) return;
  throw new RangeError(
    `${where}(start): expected a number in [${box.lower[i]}, ${box.upper[i]}], got ${x[i]} at index ${i}; ` +
      "bounds.outside = 'moved' moves it inside",
  );
}

function side(
  where: string,
  name: 'lower' | 'upper',
  given: number | ArrayLike<number> | undefined,
  n: number,
  none: number,
): Float64Array {
  const argument = `${where}(bounds.${name})`;
  if (given === undefined) return new Float64Array(n).fill(none);
  if (typeof given !== 'number' && typeof (given as ArrayLike<number> | null)?.length !== 'number') {
    throw new TypeError(`${argument}: expected a number or a list of ${n}, got ${shown(given)}`);
  }
  if (typeof given !== 'number' && (typeof given === 'string' || given.length !== n)) {
    const got = typeof given === 'string' ? shown(given) : `${given.length}`;
    throw new TypeError(`${argument}: expected a number or a list of ${n}, got ${got}`);
  }
  return Float64Array.from({ length: n }, (_, i) => {
    const bound: unknown = typeof given === 'number' ? given : given[i];
    if (typeof bound !== 'number' || Number.isNaN(bound) || bound === -none) {
      throw new RangeError(
        `${argument}: expected numbers, or ${shown(none)} for none, got ${shown(bound)} at index ${i}`,
      );
    }
    return bound;
  });
}
