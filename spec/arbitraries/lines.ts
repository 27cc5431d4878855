import fc from 'fast-check';

/** φ(α) with φ′(0) < 0 and a minimizer, and how a search is to begin on it. */
export interface LineSample {
  readonly kind: 'parabola' | 'quartic' | 'barrier' | 'edge' | 'wave' | 'line';
  /** φ(0). */
  readonly level: number;
  /** −φ′(0). */
  readonly steepness: number;
  /** Where φ is least; nothing for the falling line. */
  readonly minimizer: number;
  readonly first: number;
  readonly longest: number;
}

/**
 * Functions along a line: a parabola; a quartic, flat at its minimizer; a barrier that ends in ∞ and an edge
 * beyond which there is only NaN, both at 1.5 times the minimizer; a parabola with waves on it; and a line that
 * falls for ever. First steps are from 2⁻⁶ to 2⁶ times the minimizer, longest ones below and above it.
 */
export function lines(): fc.Arbitrary<LineSample> {
  const power = (reach: number) => fc.integer({ min: -reach, max: reach }).map((k) => 2 ** k);
  return fc
    .record({
      kind: fc.constantFrom<LineSample['kind']>('parabola', 'quartic', 'barrier', 'edge', 'wave', 'line'),
      level: fc.integer({ min: -8, max: 8 }),
      steepness: power(4),
      minimizer: power(4),
      begin: power(6),
      reach: fc.constantFrom(1e6, 1e6, 1e6, 0.125),
    })
    .map(({ begin, reach, ...given }) => ({
      ...given,
      first: begin * given.minimizer,
      longest: reach * given.minimizer,
    }));
}

/** φ and φ′ of a sample. */
export function phiOf({ kind, level, steepness, minimizer }: LineSample) {
  const along = lineShapes[kind];
  const scale = steepness * minimizer;
  return {
    value: (alpha: number) => level + scale * along.value(alpha / minimizer),
    slope: (alpha: number) => steepness * along.slope(alpha / minimizer),
  };
}

const edge = 1.5;

/** Shapes with slope −1 at 0 and, the line aside, least at 1. */
const lineShapes: Readonly<
  Record<LineSample['kind'], { value(t: number): number; slope(t: number): number }>
> = {
  parabola: { value: (t) => t * t * 0.5 - t, slope: (t) => t - 1 },
  quartic: { value: (t) => ((t - 1) ** 4 - 1) / 4, slope: (t) => (t - 1) ** 3 },
  barrier: {
    // −t + c(−ln(1 − t/e) − t/e) with slope 0 at 1
    value: (t) =>
      t >= edge ? Number.POSITIVE_INFINITY : -t + 3 * (-Math.log1p(-t / edge) - t / edge) * 0.25,
    slope: (t) => (t >= edge ? Number.NaN : -1 + 0.75 * (1 / (edge - t) - 1 / edge)),
  },
  edge: {
    value: (t) => (t > edge ? Number.NaN : t * t * 0.5 - t),
    slope: (t) => (t > edge ? Number.NaN : t - 1),
  },
  wave: {
    value: (t) => t * t * 0.5 - t + 0.05 * (1 - Math.cos(6 * (t - 1)) - (1 - Math.cos(6))),
    slope: (t) => t - 1 + 0.3 * Math.sin(6 * (t - 1)),
  },
  line: { value: (t) => -t, slope: () => -1 },
};
