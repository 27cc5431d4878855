import { learntMatrix } from '../curvature/learnt-matrix.js';
import { dot, matrixVector, norm } from '../linalg/vector.js';
import type { Direction } from '../search/descend.js';
import { secantDirection } from './secant-direction.js';

/**
 * What becomes of a pair with little or negative curvature, cos(s, y) < 10⁻⁸, which would spoil the estimate:
 * 'skip' leaves it out; 'damp' mixes it with what the estimate expects (Powell 1978); 'none' takes it as it is.
 */
export type CurvatureGuard = 'skip' | 'damp' | 'none';

/** Below this cosine between s and y a pair counts as having no curvature. */
const smallestCosine = 1e-8;
/** Powell's damping keeps yᵀs at least this fraction of sᵀBs, here with the roles of s and y exchanged. */
const dampingFraction = 0.2;

type Update = (h: Float64Array, s: Float64Array, y: Float64Array, work: Float64Array) => unknown;

/** The direction −Hg of a dense estimate H of the inverse Hessian, H₀ = I. */
export function inverseQuasiNewton(
  name: string,
  { guard, scaled }: { guard: CurvatureGuard; scaled: boolean },
  update: Update,
): Direction {
  return secantDirection(name, { guard, scaled }, scaled, (n) => {
    const work = new Float64Array(n);
    const damped = new Float64Array(guard === 'damp' ? n : 0);
    const tags = { symmetric: true, positiveSemidefinite: guard !== 'none' };
    return learntMatrix(n, name, tags, (h, s, y, first, begin) => {
      const curvature = dot(s, y);
      const enough = curvature > smallestCosine * norm(s) * norm(y);
      if (guard === 'skip' && !enough) return false;
      if (first && scaled && enough) begin(curvature / dot(y, y));
      if (guard === 'damp') {
        dampedStep(h, s, y, curvature, damped);
        update(h, damped, y, work);
      } else update(h, s, y, work);
      return true;
    });
  });
}

/** Powell's damping for the inverse: s̃ = θs + (1 − θ)Hy with s̃ᵀy ≥ 0.2·yᵀHy; θ = 1 where s has enough. */
function dampedStep(
  h: Float64Array,
  s: Float64Array,
  y: Float64Array,
  curvature: number,
  into: Float64Array,
): void {
  matrixVector(h, y, into);
  const expected = dot(y, into);
  const theta =
    curvature >= dampingFraction * expected ? 1 : ((1 - dampingFraction) * expected) / (expected - curvature);
  for (let i = 0; i < s.length; i++) into[i] = theta * s[i] + (1 - theta) * into[i];
}
