import { inverse } from '../linalg/inverse.js';
import { dot, matrixVector, norm } from '../linalg/vector.js';
import type { Observer } from '../objective/evaluations.js';
import type { Direction } from '../search/descend.js';

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
  return {
    name,
    options: { guard, scaled },
    homogeneous: scaled,
    start(n, evaluations) {
      const h = new Float64Array(n * n);
      const work = new Float64Array(n);
      const damped = new Float64Array(guard === 'damp' ? n : 0);
      let learnt = 0;
      const reset = (diagonal: number) => {
        h.fill(0);
        for (let i = 0; i < n; i++) h[i * (n + 1)] = diagonal;
        learnt = 0;
      };
      reset(1);
      return {
        propose(at, into) {
          tellModel(evaluations.observer, at.x, h);
          matrixVector(h, at.gradient, into);
          for (let i = 0; i < n; i++) into[i] = -into[i];
          return undefined;
        },
        learn(s, y) {
          const curvature = dot(s, y);
          const enough = curvature > smallestCosine * norm(s) * norm(y);
          if (guard === 'skip' && !enough) return;
          if (learnt === 0 && scaled && enough) reset(curvature / dot(y, y));
          learnt++;
          if (guard === 'damp') {
            dampedStep(h, s, y, curvature, damped);
            update(h, damped, y, work);
          } else update(h, s, y, work);
        },
        forget() {
          if (learnt === 0) return false;
          reset(1);
          return true;
        },
      };
    },
  };
}

/** The model of a method that holds H⁻¹; an estimate that became singular has none. */
function tellModel(observer: Observer | undefined, x: Float64Array, estimate: Float64Array): void {
  if (observer?.model === undefined) return;
  const inverted = inverse(estimate, x.length);
  if (inverted.kind === 'inverted') observer.model(x, inverted.inverse);
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
