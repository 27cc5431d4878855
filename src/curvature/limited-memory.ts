import { dot, norm } from '../linalg/vector.js';
import { CompactSecantPairs } from './compact-secant-pairs.js';
import { type LimitedMemory, SecantPairs } from './secant-pairs.js';
import { type SecantOperator, vectorOperator } from './vector-operator.js';

/** A pair is left out unless sᵀy > 2⁻⁵²·‖s‖‖y‖: its quotient would be noise. */
const smallestCosine = Number.EPSILON;
/** From so many variables on, inner products on WebAssembly are faster than the plain recursion, … */
const manyVariables = 32;
/** … as long as the pairs fit in half of its memory, 2 GiB. */
const mostNumbers = 2 ** 28;

/** Room for the last m pairs of n variables. */
export function pairsOf(n: number, memory: number): LimitedMemory {
  const compact = n >= manyVariables && 2 * memory * n < mostNumbers;
  return compact ? new CompactSecantPairs(n, memory) : new SecantPairs(n, memory);
}

/** sᵀy where it is worth learning, else 0. */
export function curvatureOf(s: Float64Array, y: Float64Array): number {
  const curvature = dot(s, y);
  return curvature > smallestCosine * norm(s) * norm(y) ? curvature : 0;
}

/** The inverse Hessian that the last m pairs imply, with H₀ = γI of the newest pair or, unscaled, I. */
export function limitedMemoryInverse(n: number, memory: number, scaled: boolean): SecantOperator {
  const pairs = pairsOf(n, memory);
  const multiply = (v: Float64Array, into: Float64Array) =>
    pairs.multiply(v, scaled ? pairs.scaling() : 1, into);
  const tags = { symmetric: true, positiveSemidefinite: true };
  return Object.assign(vectorOperator('limited memory', multiply, tags), {
    learn(s: Float64Array, y: Float64Array, gradient: Float64Array) {
      const curvature = curvatureOf(s, y);
      if (curvature > 0) pairs.push(s, y, curvature, gradient);
    },
    forget() {
      if (pairs.count === 0) return false;
      pairs.forget();
      return true;
    },
  });
}
