import { claims } from '../subjects/claims.js';
import { flat, shaped } from '../subjects/point.js';
import type { AverageSubject } from '../subjects/subject.js';

/** a ← βa + (1 − β)x from a = x₀; for the first `warmup` updates a = x (Polyak and Juditsky 1992). */
export const weightAverageOracle: AverageSubject = {
  kind: 'average',
  name: 'weightAverage (naive)',
  epsilon: 2 ** -52,
  claims: claims.weightAverage,
  create:
    ({ beta, warmup }) =>
    (points) => {
      let average = [...flat(points[0])];
      return points.slice(1).map((point, k) => {
        const x = flat(point);
        average = average.map((a, i) => (k < warmup ? x[i] : beta * a + (1 - beta) * x[i]));
        return shaped(point, average);
      });
    },
  scope: (body) => body(),
};
