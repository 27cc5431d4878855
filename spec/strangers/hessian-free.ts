import { identity, inner, plus, times } from '../oracles/dense/matrices.js';
import type { More, PlainOptimizer } from '../subjects/foreign/plain.js';

interface Kept {
  readonly damping: number;
  readonly solution: Float64Array;
}

/** What makes it Hessian-free optimization, each to be broken by a mutant. */
export interface HessianFreeParts {
  /** What of the last solution the next solve begins with. */
  readonly warm?: number;
  /** What λ is multiplied by. */
  readonly follows?: (ratio: number, drop: number) => number;
}

const options = { damping: 0.5, drop: 2 / 3, iterations: 50, warmStart: 0.95 };

/** Hessian-free optimization with the dense Gauss–Newton matrix of a batch, as a stranger's module sees models. */
export function naiveHessianFree({
  warm = options.warmStart,
  follows = (ratio, drop) => (ratio > 0.75 ? drop : ratio >= 0.25 ? 1 : 1 / drop),
}: HessianFreeParts = {}): PlainOptimizer<Kept> {
  return {
    name: 'hessianFree (naive)',
    claims: 'hessianFree',
    options,
    init: (x) => ({ damping: options.damping, solution: new Float64Array(x.length) }),
    step(x, g, { damping, solution }, { model, value, evaluate }: More) {
      const curvature = model!.gaussNewton;
      const matrix = plus(curvature, identity(x.length), damping);
      const iterates = conjugateGradients(
        matrix,
        g,
        solution.map((s) => warm * s),
      );
      const valueAt = (step: Float64Array, rate = 1) => evaluate(plus(x, step, rate)).value;
      // From the last iterate back, as long as the loss falls.
      let at = iterates.length - 1;
      while (at > 0 && valueAt(iterates[at - 1]) < valueAt(iterates[at])) at--;
      const best = iterates[at];
      const slope = inner(g, best);
      const predicted = slope + inner(best, times(curvature, best)) / 2;
      const change = valueAt(best) - value;
      const ratio = change === 0 && predicted === 0 ? 1 : change / predicted;
      let rate = 1;
      const falls = () => valueAt(best, rate) <= value + 0.01 * rate * Math.min(0, slope);
      for (let trial = 0; trial < 60 && !falls(); trial++) rate *= 0.8;
      const taken = falls() && valueAt(best, rate) < value ? rate : 0;
      return {
        x: plus(x, best, taken),
        state: { damping: damping * follows(ratio, options.drop), solution: iterates[iterates.length - 1] },
      };
    },
  };
}

/** The iterates at 5·1.3ʲ and the last, of conjugate gradients on Bδ = −g that end where φ falls too slowly. */
function conjugateGradients(b: Float64Array, g: Float64Array, start: Float64Array): Float64Array[] {
  const phi = (x: Float64Array) => inner(g, x) + inner(x, times(b, x)) / 2;
  const kept: Float64Array[] = [];
  const values = [phi(start)];
  let x = start;
  let r: Float64Array = plus(times(b, x), g).map((entry) => -entry);
  let p: Float64Array = r;
  const small = 1e-12 * Math.sqrt(inner(g, g));
  let next = 5;
  let iteration = 0;
  while (iteration < options.iterations && Math.sqrt(inner(r, r)) > small) {
    const bent = times(b, p);
    const length = inner(r, r) / inner(p, bent);
    x = plus(x, p, length);
    const after = plus(r, bent, -length);
    p = plus(after, p, inner(after, after) / inner(r, r));
    r = after;
    iteration++;
    values.push(phi(x));
    if (iteration >= next) {
      kept.push(x);
      while (next <= iteration) next *= 1.3;
    }
    const gap = Math.max(10, Math.ceil(iteration / 10));
    const now = values[iteration];
    if (iteration > gap && now < 0 && (now - values[iteration - gap]) / now < 5e-4 * gap) break;
  }
  return kept.at(-1) === x ? kept : [...kept, x];
}
