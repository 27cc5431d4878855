/** A line through x: along one variable, whose points are then exact, or along a vector. */
export class DifferenceLine {
  constructor(
    readonly x: Float64Array,
    private readonly direction: number | Float64Array,
    private readonly longest = Number.POSITIVE_INFINITY,
  ) {}

  /** Whether there are bounds on the way. */
  get isConfined(): boolean {
    return this.longest < Number.POSITIVE_INFINITY;
  }

  /** Whether it is along a variable that is 0. */
  get isAtZero(): boolean {
    return typeof this.direction === 'number' && this.x[this.direction] === 0;
  }

  /** Writes the point at s; answers how far beyond s it lies, x having only so many digits. */
  point(s: number, into: Float64Array): number {
    const { x, direction } = this;
    into.set(x);
    if (typeof direction === 'number') {
      into[direction] += s;
      return into[direction] - x[direction] - s;
    }
    for (let i = 0; i < x.length; i++) into[i] += s * direction[i];
    return 0;
  }

  /** The vector of a step s. */
  vector(s: number): Float64Array {
    const { x, direction } = this;
    if (typeof direction !== 'number') return direction.map((entry) => s * entry);
    const step = new Float64Array(x.length);
    step[direction] = s;
    return step;
  }

  /** The step, or the longest one that has room. */
  atMost(h: number): number {
    return this.isConfined ? Math.min(h, powerOfTwo(this.longest)) : h;
  }

  /** The step, or the least one that x can tell in its last places. */
  atLeast(h: number): number {
    const { x, direction } = this;
    return typeof direction === 'number'
      ? Math.max(h, 4 * powerOfTwo(Number.EPSILON * Math.abs(x[direction])))
      : h;
  }
}

/** The power of two next below, so that x ± h and x ± 2h are exact; 0 and ∞ as they are. */
export function powerOfTwo(value: number): number {
  return value > 0 && value < Number.POSITIVE_INFINITY ? 2 ** Math.floor(Math.log2(value)) : value;
}
