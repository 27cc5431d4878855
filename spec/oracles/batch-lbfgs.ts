import { type Naive, naiveSubject, option } from './naive.js';

export interface BatchLbfgsParts {
  /** y of a pair, from the change of the gradient on its batch. */
  readonly learn?: (change: readonly number[], s: readonly number[], damping: number) => number[];
  /** Which pairs the second loop takes, of so many. */
  readonly second?: (count: number) => number[];
}

const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, xi, i) => sum + xi * y[i], 0);

/** x ← x − ηHg by the two loops on vectors; s is the step and y = Hessian·s + λs. */
export function naiveBatchLbfgs(options: Record<string, unknown>, parts: BatchLbfgsParts = {}): Naive {
  const eta = option(options, 'learningRate', 0.1);
  const memory = option(options, 'memory', 10);
  const damping = option(options, 'damping', 0.1);
  const {
    learn = (change: readonly number[], s: readonly number[], by: number) =>
      change.map((c, i) => c + by * s[i]),
    second = (count: number) => Array.from({ length: count }, (_, i) => i),
  } = parts;
  return {
    start: () => [],
    step(_, g, rows, __, hessian) {
      const count = rows.length / 2;
      const pairs = Array.from({ length: count }, (_p, i) => ({ s: rows[i], y: rows[count + i] }));
      let q = [...g];
      const alpha = new Array<number>(count).fill(0);
      for (let i = count - 1; i >= 0; i--) {
        const { s, y } = pairs[i];
        alpha[i] = dot(s, q) / dot(s, y);
        q = q.map((qi, j) => qi - alpha[i] * y[j]);
      }
      if (count > 0) {
        const { s, y } = pairs[count - 1];
        q = q.map((qi) => (dot(s, y) / dot(y, y)) * qi);
      }
      for (const i of second(count)) {
        const { s, y } = pairs[i];
        const beta = dot(y, q) / dot(s, y);
        q = q.map((qi, j) => qi + (alpha[i] - beta) * s[j]);
      }
      const update = q.map((qi) => -eta * qi);
      const n = g.length;
      const change = update.map((_u, i) => update.reduce((sum, uj, j) => sum + hessian![i * n + j] * uj, 0));
      const y = learn(change, update, damping);
      const curvature = dot(update, y);
      const learnt = curvature > 1e-8 * Math.sqrt(dot(update, update) * dot(y, y));
      const kept = learnt ? [...pairs, { s: update, y }].slice(-memory) : pairs;
      return { update, rows: [...kept.map(({ s }) => s), ...kept.map((pair) => pair.y)] };
    },
  };
}

export const batchLbfgsOracle = naiveSubject('batchLbfgs', (options) => naiveBatchLbfgs(options));
