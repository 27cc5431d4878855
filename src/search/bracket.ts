/** One end of an interval of uncertainty: a step, φ there and φ′ there. */
export interface End {
  readonly alpha: number;
  readonly value: number;
  readonly slope: number;
}

/** In a bracket a cubic step may go this far from the last trial towards the other end, no further. */
const mostOfBracket = 0.66;

/**
 * The interval in which a step with a small slope is sought: the best end so far, the other end, and the
 * safeguarded cubic or parabolic step between or beyond them.
 *
 * Source: Moré and Thuente 1994, section 4 (the four cases of the trial value).
 */
export class Bracket {
  best: End;
  other: End;
  /** Whether a minimizer is known to lie between the ends. */
  closed = false;
  /** Bounds on the next step: the ends of a closed bracket, else how far to extrapolate. */
  low = 0;
  high: number;

  constructor(start: End, high: number) {
    this.best = start;
    this.other = start;
    this.high = high;
  }

  /**
   * Takes in a trial and answers with the next step. `tilt` is the slope of a line subtracted from φ first.
   */
  next(tried: End, tilt: number): number {
    const x = tilted(this.best, tilt);
    const y = tilted(this.other, tilt);
    const t = tilted(tried, tilt);
    const turned = t.slope < 0 !== x.slope < 0 && t.slope !== 0;
    let step: number;
    if (t.value > x.value) {
      // 1. Higher: a minimizer is in between. The cubic's if it is nearer the best end, else the mean of both.
      const cubic = cubicMinimizer(x, t);
      const parabola = quadraticMinimizer(x, t);
      const nearer = Math.abs(cubic - x.alpha) < Math.abs(parabola - x.alpha);
      step = nearer ? cubic : cubic + (parabola - cubic) / 2;
      this.closed = true;
    } else if (turned) {
      // 2. Lower, and the slope changed sign: of cubic and secant the one further from the trial.
      const cubic = cubicMinimizer(x, t);
      const secant = secantMinimizer(x, t);
      step = Math.abs(cubic - t.alpha) > Math.abs(secant - t.alpha) ? cubic : secant;
      this.closed = true;
    } else if (Math.abs(t.slope) < Math.abs(x.slope)) {
      // 3. Lower, the slope flattens: extrapolate by cubic or secant, with care.
      const secant = secantMinimizer(x, t);
      const cubic = this.flatteningCubic(x, t);
      const cubicNearer = Math.abs(cubic - t.alpha) < Math.abs(secant - t.alpha);
      if (this.closed) {
        step = cubicNearer ? cubic : secant;
        const furthest = t.alpha + mostOfBracket * (y.alpha - t.alpha);
        step = t.alpha > x.alpha ? Math.min(furthest, step) : Math.max(furthest, step);
      } else step = this.clamp(cubicNearer ? secant : cubic);
    } else if (this.closed) step = cubicMinimizer(y, t);
    // 4. Lower, and as steep as before: inside the bracket the cubic with the other end, else to the bound.
    else step = t.alpha > x.alpha ? this.high : this.low;

    if (t.value > x.value) this.other = tried;
    else {
      if (turned) this.other = this.best;
      this.best = tried;
    }
    return step;
  }

  clamp(step: number): number {
    return Math.min(this.high, Math.max(this.low, step));
  }

  /** The cubic's minimizer where it lies beyond the trial; where the cubic has none there, the bound. */
  private flatteningCubic(x: End, t: End): number {
    const bound = t.alpha > x.alpha ? this.high : this.low;
    const theta = (3 * (x.value - t.value)) / (t.alpha - x.alpha) + x.slope + t.slope;
    const gamma = cubicRoot(theta, x.slope, t.slope) * (t.alpha > x.alpha ? -1 : 1);
    const ratio = (gamma - t.slope + theta) / (gamma + (x.slope - t.slope) + gamma);
    return ratio < 0 && gamma !== 0 ? t.alpha + ratio * (x.alpha - t.alpha) : bound;
  }
}

function tilted(end: End, tilt: number): End {
  if (tilt === 0) return end;
  return { alpha: end.alpha, value: end.value - tilt * end.alpha, slope: end.slope - tilt };
}

/** √(θ² − ab) with the largest quantity scaled out, so that no square overflows; 0 for a negative radicand. */
function cubicRoot(theta: number, a: number, b: number): number {
  const scale = Math.max(Math.abs(theta), Math.abs(a), Math.abs(b));
  if (scale === 0) return 0;
  return scale * Math.sqrt(Math.max(0, (theta / scale) ** 2 - (a / scale) * (b / scale)));
}

/** The minimizer of the cubic through both ends' values and slopes. */
function cubicMinimizer(a: End, b: End): number {
  const theta = (3 * (a.value - b.value)) / (b.alpha - a.alpha) + a.slope + b.slope;
  const gamma = cubicRoot(theta, a.slope, b.slope) * (b.alpha < a.alpha ? -1 : 1);
  return a.alpha + ((gamma - a.slope + theta) / (gamma - a.slope + gamma + b.slope)) * (b.alpha - a.alpha);
}

/** The minimizer of the parabola through φ(a), φ′(a) and φ(b). */
function quadraticMinimizer(a: End, b: End): number {
  const width = b.alpha - a.alpha;
  return a.alpha + (a.slope / ((a.value - b.value) / width + a.slope) / 2) * width;
}

/** Where the straight line through φ′(a) and φ′(b) vanishes. */
function secantMinimizer(a: End, b: End): number {
  return b.alpha + (b.slope / (b.slope - a.slope)) * (a.alpha - b.alpha);
}
