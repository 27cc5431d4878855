import type { Box } from './bounds.js';

/** A derivative as a weighted sum of values at shifted points: f′(x) ≈ Σ weights[k]·f(points[k]). */
export interface Stencil {
  readonly points: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Where to evaluate for the derivative by variable i of a function that may be asked inside a box alone.
 *
 * Nothing where x ± h both lie inside, so that the central difference will do; else x and two points on the side that
 * has more room, which is as exact, O(h²); for a fixed variable no points, its derivative counting as 0.
 * Source: Fornberg 1988, the three-point formula for unequal steps.
 */
export function stencilWithin({ lower, upper }: Box, i: number, x: number, h: number): Stencil | undefined {
  const [below, above] = [x - lower[i], upper[i] - x];
  if (h <= below && h <= above) return undefined;
  const up = above >= below;
  const step = (up ? 1 : -1) * Math.min(h, (up ? above : below) / 2);
  const clip = (point: number) => Math.min(upper[i], Math.max(lower[i], point));
  const [near, far] = [clip(x + step), clip(x + 2 * step)];
  const [a, b] = [near - x, far - x];
  if (a === 0 || b === a) return { points: [], weights: [] };
  return { points: [x, near, far], weights: [-(a + b) / (a * b), b / (a * (b - a)), -a / (b * (b - a))] };
}
