import { cholesky, choleskySolve, lu, luSolve, symmetricEigen } from '../../../../src/linalg/index.js';

/** The eigenvalues of a symmetric H, the least first, and its eigenvectors, row-major by columns. */
export interface Shape {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** H = QΛQᵀ; undefined where H is not finite. */
export function shapeOf(hessian: Float64Array, n: number): Shape | undefined {
  const eigen = symmetricEigen(hessian, n);
  return eigen.kind === 'decomposed' ? eigen : undefined;
}

/** −H⁻¹g, where the model gᵀp + ½pᵀHp is level: its minimum, maximum or saddle. */
export function levelStep(hessian: Float64Array, gradient: Float64Array): Float64Array | undefined {
  const n = gradient.length;
  const factored = lu(hessian, n);
  if (factored.kind !== 'factored') return undefined;
  const p = luSolve(factored, gradient).map((pi) => -pi);
  return p.every(Number.isFinite) ? p : undefined;
}

/** −(H + λI)⁻¹g; undefined where H + λI is not positive definite. */
export function dampedStep(
  hessian: Float64Array,
  gradient: Float64Array,
  damping: number,
): Float64Array | undefined {
  const n = gradient.length;
  const damped = hessian.slice();
  for (let i = 0; i < n; i++) damped[i * (n + 1)]! += damping;
  const factored = cholesky(damped, n);
  return factored.kind === 'factored' ? choleskySolve(factored, gradient).map((pi) => -pi) : undefined;
}

const samples = 48;
/** The path is drawn over so many powers of ten of λ about the curvature's scale. */
const decades = { below: 4, above: 3 };

/**
 * The steps −(H + λI)⁻¹g for all λ that make H + λI positive definite, from the longest to nearly none: Newton's step
 * for λ = 0 where H ≻ 0, along −g for λ → ∞.
 */
export function dampingPath(hessian: Float64Array, gradient: Float64Array): readonly Float64Array[] {
  const shape = shapeOf(hessian, gradient.length);
  if (shape === undefined) return [];
  const least = shape.values[0]!;
  const scale = Math.max(...shape.values.map(Math.abs)) || 1;
  const from = Math.max(0, -least);
  const path: (Float64Array | undefined)[] = least > 0 ? [dampedStep(hessian, gradient, 0)] : [];
  for (let k = 0; k <= samples; k++) {
    const exponent = -decades.below + (k / samples) * (decades.below + decades.above);
    path.push(dampedStep(hessian, gradient, from + scale * 10 ** exponent));
  }
  return path.filter((p) => p !== undefined);
}
