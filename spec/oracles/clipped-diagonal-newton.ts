import { type Naive, naiveSubject, option } from './naive.js';

export interface DiagonalNewtonParts {
  readonly diagonal?: (hessian: Float64Array, n: number) => number[];
  readonly correct?: (beta: number, count: number) => number;
  readonly clip?: (h: number, least: number, most: number) => number;
  readonly step?: (g: number, h: number, most: number) => number;
}

/** Diagonal Newton, x ← x − η·clip(g/clip(h)), h the running diagonal of the Hessian, known exactly. */
export function naiveDiagonalNewton(
  options: Record<string, unknown>,
  parts: DiagonalNewtonParts = {},
): Naive {
  const eta = option(options, 'learningRate', 0.03);
  const memory = option(options, 'memory', 0.9);
  const least = option(options, 'least', 0.1);
  const most = option(options, 'most', 10);
  const every = option(options, 'every', 1);
  const mostUpdate = option(options, 'mostUpdate', 0.5);
  const {
    diagonal = (hessian: Float64Array, n: number) =>
      Array.from({ length: n }, (_, i) => hessian[i * (n + 1)]),
    correct = (beta: number, count: number) => 1 - beta ** count,
    clip = (h: number, low: number, high: number) => Math.max(low, Math.min(h, high)),
    step = (g: number, h: number, c: number) => Math.max(-c, Math.min(g / h, c)),
  } = parts;
  return {
    start: (x) => [x.map(() => 0), [0]],
    step(_, g, [h, [made]], t, hessian) {
      const fresh = (t - 1) % every === 0;
      const d = fresh ? diagonal(hessian!, g.length) : [];
      const curvature = fresh ? h.map((hi, i) => memory * hi + (1 - memory) * d[i]) : [...h];
      const count = made + (fresh ? 1 : 0);
      const update = g.map(
        (gi, i) => -eta * step(gi, clip(curvature[i] / correct(memory, count), least, most), mostUpdate),
      );
      return { update, rows: [curvature, [count]] };
    },
  };
}

export const clippedDiagonalNewtonOracle = naiveSubject('clippedDiagonalNewton', (options) =>
  naiveDiagonalNewton(options),
);
