import { type Algebra, float64, type HostArray, type Tree } from '../../../src/index.js';
import type { Examples, Problem } from '../../../src/objective/problem.js';

export interface Points<T> {
  readonly x: T;
  readonly y: T;
}

/** Fits a line w·x + b to points: two leaves, batches, an evaluation, and a start that depends on the seed. */
export function lineFit<T>(algebra: Algebra<T>): Problem<T, Points<T>> {
  const residual = (parameters: Tree<T>, { x, y }: Points<T>): T => {
    const { w, b } = parameters as { w: T; b: T };
    return algebra.sub(algebra.add(algebra.mul(x, w), b), y);
  };
  const size = (x: T) => algebra.shape(x)[0];
  const problem: Problem<T, Points<T>> = {
    name: 'lineFit',
    algebra,
    start: (random) => ({ w: algebra.array([random.normal()], []), b: algebra.array([random.normal()], []) }),
    value: (parameters, batch) =>
      algebra.div(algebra.sum(algebra.square(residual(parameters, batch))), 2 * size(batch.x)),
    valueAndGradient(parameters, batch) {
      const r = residual(parameters, batch);
      const n = size(batch.x);
      return {
        value: algebra.div(algebra.sum(algebra.square(r)), 2 * n),
        gradient: { w: algebra.div(algebra.dot(r, batch.x), n), b: algebra.div(algebra.sum(r), n) },
      };
    },
    evaluate: (parameters) => ({ loss: algebra.number((parameters as { w: T }).w) ** 2 }),
  };
  return problem;
}

/** Twelve points near a line, whose batches count how many of them are alive. */
export function points<T>(algebra: Algebra<T>): Examples<Points<T>> & { made: number; alive: number } {
  const xs = Float64Array.from({ length: 12 }, (_, i) => i / 8 - 0.75);
  return {
    name: 'points',
    size: 12,
    made: 0,
    alive: 0,
    batch(positions) {
      this.made++;
      this.alive++;
      const at = (f: (x: number) => number) =>
        algebra.array(
          Array.from(positions, (i) => f(xs[i])),
          [positions.length],
        );
      return { x: at((x) => x), y: at((x) => 2 * x - 0.5 + Math.sin(9 * x) / 8) };
    },
    release({ x, y }) {
      this.alive--;
      algebra.release(x);
      algebra.release(y);
    },
  };
}

export const hostFit: Problem<HostArray, Points<HostArray>> = lineFit(float64);
