/** What conjugate gradients do with vectors of some kind and operators C on them. */
export interface Vectors<V, C> {
  copy(v: V): V;
  zeros(like: V): V;
  /** uᵀv, read. */
  inner(u: V, v: V): number;
  /** u + av, in the place of `replaced`, which is u or v. */
  along(u: V, a: number, v: V, replaced: V): V;
  /** Cv, a vector of its own. */
  apply(operator: C, v: V): V;
  /** Gives back what was made here. */
  release(v: V): void;
}

/** A system Cx = b, and when to leave it. */
export interface System<V, C> {
  readonly operator: C;
  readonly b: V;
  readonly start?: V;
  readonly preconditioner?: C;
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly radius: number;
  readonly leastCurvature: number;
  readonly onIterate?: (x: V, iteration: number, decrease: number) => boolean | undefined;
}

export type Ending = 'converged' | 'budget' | 'stopped' | 'nonFinite';
/** From x the solve would have gone on along the direction. */
export type Leaving = 'negativeCurvature' | 'boundary';

/** The last iterate x, and where the solve left the system the direction: both the caller's to release. */
export interface LastStep<V> {
  readonly kind: Ending | Leaving;
  readonly x: V;
  readonly iterations: number;
  readonly residualNorm: number;
  readonly direction: V | undefined;
  /** dᵀCd of the last direction; NaN where there was none. */
  readonly curvature: number;
}

/**
 * The iteration of conjugate gradients itself, on vectors of any kind: x ← x + αd, r ← r − αCd, d ← M⁻¹r + βd with
 * α = rᵀM⁻¹r/dᵀCd.
 */
export function conjugateGradientSteps<V, C>(vectors: Vectors<V, C>, system: System<V, C>): LastStep<V> {
  const { operator, b, start, preconditioner, tolerance, maxIterations, radius, leastCurvature } = system;
  let x = start === undefined ? vectors.zeros(b) : vectors.copy(start);
  let r = residual(vectors, operator, b, start);
  let rr = vectors.inner(r, r);
  const enough = tolerance * Math.sqrt(start === undefined ? rr : vectors.inner(b, b));
  let d = preconditioner === undefined ? vectors.copy(r) : vectors.apply(preconditioner, r);
  let rz = preconditioner === undefined ? rr : vectors.inner(r, d);
  let decrease = 0;
  let iterations = 0;
  let curvature = Number.NaN;
  let kind: LastStep<V>['kind'] | undefined;
  if (Math.sqrt(rr) <= enough) kind = 'converged';
  else if (!Number.isFinite(rr) || Number.isNaN(enough)) kind = 'nonFinite';
  while (kind === undefined) {
    const cd = vectors.apply(operator, d);
    curvature = vectors.inner(d, cd);
    const alpha = rz / curvature;
    const least = leastCurvature === 0 ? 0 : leastCurvature * vectors.inner(d, d);
    if (Number.isNaN(curvature)) kind = 'nonFinite';
    else if (curvature <= least) kind = 'negativeCurvature';
    else if (radius < Number.POSITIVE_INFINITY && lengthAfter(vectors, x, d, alpha) >= radius) {
      kind = 'boundary';
    } else {
      iterations++;
      decrease += (alpha * rz) / 2;
      x = vectors.along(x, alpha, d, x);
      r = vectors.along(r, -alpha, cd, r);
      rr = vectors.inner(r, r);
      if (!Number.isFinite(rr)) kind = 'nonFinite';
      else if (system.onIterate?.(x, iterations, decrease) === true) kind = 'stopped';
      else if (Math.sqrt(rr) <= enough) kind = 'converged';
      else if (iterations >= maxIterations) kind = 'budget';
      else {
        const previous = rz;
        const z = preconditioner === undefined ? r : vectors.apply(preconditioner, r);
        rz = preconditioner === undefined ? rr : vectors.inner(r, z);
        d = vectors.along(z, rz / previous, d, d);
        if (z !== r) vectors.release(z);
      }
    }
    vectors.release(cd);
  }
  vectors.release(r);
  const left = kind === 'negativeCurvature' || kind === 'boundary';
  if (!left) vectors.release(d);
  return { kind, x, iterations, residualNorm: Math.sqrt(rr), direction: left ? d : undefined, curvature };
}

/** b − C·start. */
function residual<V, C>(vectors: Vectors<V, C>, operator: C, b: V, start: V | undefined): V {
  const r = vectors.copy(b);
  if (start === undefined) return r;
  const product = vectors.apply(operator, start);
  const difference = vectors.along(r, -1, product, r);
  vectors.release(product);
  return difference;
}

/** ‖x + αd‖. */
function lengthAfter<V, C>(vectors: Vectors<V, C>, x: V, d: V, alpha: number): number {
  const xx = vectors.inner(x, x);
  const xd = vectors.inner(x, d);
  const dd = vectors.inner(d, d);
  return Math.sqrt(xx + 2 * alpha * xd + alpha * alpha * dd);
}
