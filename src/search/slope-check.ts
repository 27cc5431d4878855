import { dot, norm } from '../linalg/vector.js';
import type { Box } from '../objective/bounds.js';
import type { Evaluations } from '../objective/evaluations.js';
import type { Iterate } from '../objective/iterate.js';
import { atPrecision, type Outcome } from '../objective/outcome.js';

const cubeRoot = Math.cbrt(2 ** -52);
/** Two scales of differences that agree to this fraction are taken for the slope. */
const agreement = 0.1;

/**
 * What a run ends with when no step along p changes the value by more than its rounding error.
 *
 * That is convergence, or a gradient that is wrong: then too every step worth its name leads up, and the steps
 * shrink until nothing is seen. Differences of the value along p at two scales tell them apart where they can:
 * both above the noise, equal to a tenth, and far from gᵀp. Four evaluations, once a run; none for a gradient that is
 * made of differences itself.
 */
export function endOfDigits(evaluations: Evaluations, at: Iterate, p: Float64Array, slope: number): Outcome {
  if (evaluations.derivatives.gradient === 'differences') return atPrecision;
  const h = (cubeRoot * (1 + norm(at.x))) / norm(p);
  const { box } = evaluations;
  if (box === undefined) return endAlong(evaluations, at, p, slope, h);
  const inner = withRoom(box, at.x, p, h);
  return endAlong(evaluations, at, inner, dot(at.gradient, inner), h);
}

function endAlong(evaluations: Evaluations, at: Iterate, p: Float64Array, slope: number, h: number): Outcome {
  const coarse = difference(evaluations, at.x, p, h);
  const fine = difference(evaluations, at.x, p, h / 10);
  const noise = (100 * Number.EPSILON * Math.abs(at.value)) / h;
  const told = Math.abs(fine) > 10 * noise && Math.abs(coarse - fine) <= agreement * Math.abs(fine);
  return told && Math.abs(fine - slope) > Math.abs(fine) / 2 ? wrongGradient : atPrecision;
}

/** What of p has room for x ± hp in the box. */
function withRoom({ lower, upper }: Box, x: Float64Array, p: Float64Array, h: number): Float64Array {
  return p.map((pi, i) => (2 * h * Math.abs(pi) < Math.min(x[i] - lower[i], upper[i] - x[i]) ? pi : 0));
}

function difference(evaluations: Evaluations, x: Float64Array, p: Float64Array, h: number): number {
  const shifted = (sign: number) => evaluations.value(x.map((xi, i) => xi + sign * h * p[i]));
  return (shifted(1) - shifted(-1)) / (2 * h);
}

const wrongGradient: Outcome = {
  kind: 'lineSearchFailed',
  message: 'the value does not change as the gradient says: is it right? gradientCheck tells',
};
