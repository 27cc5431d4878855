import type { Bounds, SumOfSquares, TestFunction } from '../../../src/index.js';

/** A test function to be minimized in a box, from a start inside it. */
export type Bounded<F extends TestFunction = TestFunction> = F &
  Required<Pick<TestFunction, 'gradient' | 'source'>> & {
    readonly bounds: { readonly lower: readonly number[]; readonly upper: readonly number[] };
    /** The least value in the box, where it was published. */
    readonly minimumInTheBox?: number;
  };

/** A function in a box. A start outside is moved to the nearest point inside, and infinite sides stay open. */
export function bounded<F extends TestFunction & Required<Pick<TestFunction, 'gradient'>>>(
  of: F,
  { lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY }: Bounds,
  {
    name,
    start = of.start,
    source,
    least,
  }: { name: string; start?: ArrayLike<number>; source: string; least?: number },
): Bounded<F> {
  const n = start.length;
  const side = (bound: number | ArrayLike<number>) =>
    Array.from({ length: n }, (_, i) => (typeof bound === 'number' ? bound : bound[i]));
  const bounds = { lower: side(lower), upper: side(upper) };
  const inside = Array.from(start, (xi, i) => Math.min(bounds.upper[i], Math.max(bounds.lower[i], xi)));
  return {
    ...of,
    name,
    start: inside,
    source,
    bounds,
    ...(least !== undefined && { minimumInTheBox: least }),
  };
}

/**
 * The boxes of Conn, Gould and Toint for functions whose minimum x* is known: odd variables keep at least 0.1 above it,
 * the even ones are free to reach it, so that the minimum in the box is another.
 */
export function boxedAway(of: SumOfSquares): Bounded<SumOfSquares> {
  const best = Array.from(of.minimum!.x);
  return bounded(
    of,
    {
      lower: best.map((xi, i) => (i % 2 === 0 ? xi + 0.1 : -100)),
      upper: best.map((xi, i) => (i % 2 === 0 ? xi + 1.1 : 100)),
    },
    {
      name: `${of.name}${of.start.length} boxed`,
      source: `${of.source}; bounds after Conn, Gould and Toint 1988, section 4`,
    },
  );
}
