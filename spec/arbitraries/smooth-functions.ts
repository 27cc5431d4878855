import fc from 'fast-check';

/** f, f′ and f″ of length 1 about 0. */
const shapes = {
  peak: [
    (u: number) => Math.exp((-u * u) / 2),
    (u: number) => -u * Math.exp((-u * u) / 2),
    (u: number) => (u * u - 1) * Math.exp((-u * u) / 2),
  ],
  wave: [Math.sin, Math.cos, (u: number) => -Math.sin(u)],
  exponential: [Math.exp, Math.exp, Math.exp],
  saturation: [
    (u: number) => (u + 4) / (u + 5),
    (u: number) => 1 / (u + 5) ** 2,
    (u: number) => -2 / (u + 5) ** 3,
  ],
  parabola: [(u: number) => u * u + 3, (u: number) => 2 * u, () => 2],
  line: [(u: number) => 3 * u - 1, () => 3, () => 0],
  raised: [
    (u: number) => 1000 + Math.atan(u),
    (u: number) => 1 / (1 + u * u),
    (u: number) => (-2 * u) / (1 + u * u) ** 2,
  ],
} as const;

/** Functions Fᵢ(x) = fᵢ((xᵢ − cᵢ)/Lᵢ), each of one variable in its own unit, from a point. */
export interface SmoothFunctions {
  readonly x: Float64Array;
  values(x: Float64Array): Float64Array;
  /** ∂Fᵢ/∂xᵢ at x, all there is of the Jacobian. */
  readonly slopes: readonly number[];
  /** What the derivative of each is about: |F′|, or √|F·F″|, as far as F changes by itself, where that is more. */
  readonly scales: readonly number[];
}

/**
 * One or two of them; units from 2⁻⁶⁰ to 2⁶⁰, x up to 2^`away` lengths from 0.
 *
 * @param away how many of the 52 places of x lie above the length of the function at most
 * @param least how many at least
 */
export function smoothFunctions(away: number, least = -46): fc.Arbitrary<SmoothFunctions> {
  const one = fc.record({
    shape: fc.constantFrom(...(Object.keys(shapes) as (keyof typeof shapes)[])),
    unit: fc.integer({ min: -60, max: 60 }).map((k) => 2 ** k),
    away: fc
      .tuple(fc.constantFrom(-1, 1), fc.integer({ min: least, max: away }))
      .map(([sign, k]) => sign * 2 ** k),
    place: fc.double({ min: -2, max: 2, noNaN: true }),
  });
  return fc.array(one, { minLength: 1, maxLength: 2 }).map((samples) => {
    const centres = samples.map(({ unit, away: far, place }) => far * unit - place * unit);
    const x = Float64Array.from(samples, ({ unit, place }, i) => centres[i] + place * unit);
    const at = (i: number, xi: number) => (xi - centres[i]) / samples[i].unit;
    const slopes = samples.map(({ shape, unit }, i) => shapes[shape][1](at(i, x[i])) / unit);
    return {
      x,
      slopes,
      scales: samples.map(({ shape, unit }, i) => {
        const [f, , second] = shapes[shape];
        const u = at(i, x[i]);
        return Math.max(Math.abs(slopes[i]), Math.sqrt(Math.abs(f(u) * second(u))) / unit);
      }),
      values: (point) => Float64Array.from(samples, ({ shape }, i) => shapes[shape][0](at(i, point[i]))),
      toString: () =>
        samples
          .map(({ shape, unit }, i) => `${shape}((x${i} − ${centres[i]})/${unit}) at ${x[i]}`)
          .join(', '),
    };
  });
}
