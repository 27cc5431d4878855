import { claims } from '../subjects/claims.js';
import type { ProblemSubject } from '../subjects/subject.js';

/** The mean of ½(w·x + b − y)² over the rows, parameters [w…, b]. */
export const leastSquaresOracle: ProblemSubject = {
  kind: 'problem',
  name: 'least squares (naive)',
  epsilon: 2 ** -52,
  claims: claims.problem,
  dimension: (features) => features + 1,
  evaluate(parameters, rows) {
    const features = parameters.length - 1;
    const gradient = new Float64Array(parameters.length);
    let value = 0;
    for (const row of rows) {
      let residual = parameters[features] - row[features];
      for (let j = 0; j < features; j++) residual += parameters[j] * row[j];
      value += residual ** 2 / 2 / rows.length;
      for (let j = 0; j < features; j++) gradient[j] += (residual * row[j]) / rows.length;
      gradient[features] += residual / rows.length;
    }
    return { value, gradient };
  },
  scope: (body) => body(),
};
