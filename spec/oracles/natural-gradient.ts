import type { DenseModel } from '../subjects/dense-model.js';
import { leastSquaresSolution } from './dense/matrices.js';
import { partsOf } from './fisher-adam.js';
import { type Naive, naiveSubject, option } from './naive.js';

export interface NaturalGradientParts {
  readonly fisher?: (model: DenseModel, kind: string) => Float64Array;
  readonly damped?: (entry: number, lambda: number) => number;
  readonly solve?: (matrix: Float64Array, g: readonly number[]) => Float64Array;
}

/** x ← x − η(F + λI)⁻¹g with F as a matrix. */
export function naiveNaturalGradient(
  options: Record<string, unknown>,
  parts: NaturalGradientParts = {},
): Naive {
  const eta = option(options, 'learningRate', 0.3);
  const lambda = option(options, 'damping', 0.1);
  const kind = option(options, 'fisher', 'exact');
  const {
    fisher = denseFisherOf,
    damped = (entry: number, by: number) => entry + by,
    solve = (matrix: Float64Array, g: readonly number[]) => leastSquaresSolution(matrix, g, g.length),
  } = parts;
  return {
    start: () => [],
    step(_, g, rows, __, ___, model) {
      const n = g.length;
      const matrix = fisher(model!, kind).map((entry, at) =>
        at % (n + 1) === 0 ? damped(entry, lambda) : entry,
      );
      return { update: [...solve(matrix, g)].map((u) => -eta * u), rows };
    },
  };
}

/** JᵀHJ, or T·Σ gᵢgᵢᵀ of the examples' parts under the labels given. */
export function denseFisherOf(model: DenseModel, kind: string): Float64Array {
  if (kind === 'exact') return sandwich(model, model.curvature);
  const parts = partsOf(model, model.residual);
  const n = parts[0].length;
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return model.terms * parts.reduce((sum, part) => sum + part[i] * part[j], 0);
  });
}

/** JᵀMJ. */
export function sandwich({ jacobian, outputs }: DenseModel, matrix: Float64Array): Float64Array {
  const m = outputs.length;
  const n = jacobian.length / m;
  const found = new Float64Array(n * n);
  for (let k = 0; k < m; k++) {
    for (let l = 0; l < m; l++) {
      const weight = matrix[k * m + l];
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) found[i * n + j] += jacobian[k * n + i] * weight * jacobian[l * n + j];
      }
    }
  }
  return found;
}

export const naturalGradientOracle = naiveSubject('naturalGradient', (options) =>
  naiveNaturalGradient(options),
);
