import type { Minimization, Residuals } from '../../../src/index.js';
import { secondOrderClaims } from '../../laws/second-order/claims.js';
import type {
  DampingSubject,
  LeastSquaresSubject,
  SolverChoices,
  SolverSubject,
  Trace,
  Trial,
} from '../../laws/second-order/subject.js';
import { inner, leastSquaresSolution, plus, times, transposed } from '../dense/matrices.js';
import { solved } from '../newton.js';
import { eigenSolve } from './regions.js';

/** What of a damped method may be done wrong; what is left out is done right. */
export interface DampedParts {
  /** p from the Jacobian or Hessian, the residuals or gradient, and δD². */
  step?(matrix: Float64Array, right: Float64Array, damping: Float64Array): Float64Array;
  /** D² on the diagonal. */
  scale?(matrix: Float64Array, n: number, scaling: 'identity' | 'diagonal'): Float64Array;
  /** Where the next trial starts after one was rejected. */
  afterRejection?(from: Float64Array, tried: Float64Array): Float64Array;
  /** δ after a trial with this gain ratio. */
  next?(damping: number, gainRatio: number): number;
  /** The decrease the model predicts. */
  predicted?(matrix: Float64Array, right: Float64Array, p: Float64Array): number;
  /** The damping to begin with. */
  initial?(relative: number, scale: number): number;
}

/** Fletcher's rule (1971): a good model is trusted more, a bad one less. */
export function fletcherRule(damping: number, gainRatio: number): number {
  if (!(gainRatio > 0)) return 4 * damping;
  if (gainRatio < 0.25) return 2 * damping;
  return gainRatio > 0.75 ? damping / 3 : damping;
}

/** Levenberg and Marquardt on residuals: [J; √δD]p = −[r; 0] by orthogonalization, accepted where ‖r‖ falls. */
export function naiveMarquardt(
  parts: DampedParts,
  {
    name = 'levenbergMarquardtResiduals (naive)',
    claims = secondOrderClaims.levenbergMarquardtResiduals,
  } = {},
): LeastSquaresSubject {
  const {
    step = augmented,
    scale = (j, n, scaling) =>
      Float64Array.from({ length: n }, (_, k) => (scaling === 'identity' ? 1 : squaredColumn(j, n, k) || 1)),
    predicted = (j, r, p) => -inner(r, times(j, p)) - inner(times(j, p), times(j, p)) / 2,
  } = parts;
  return {
    kind: 'leastSquares',
    name,
    method: 'levenbergMarquardtResiduals',
    epsilon: 2 ** -52,
    claims,
    trace: (problem, start, steps, choices) =>
      dampedTrace(parts, start, steps, choices, {
        value: (x) => inner(problem.residuals(x), problem.residuals(x)) / 2,
        curvature: (x, n) => {
          const j = problem.jacobian(x);
          return Math.max(...Array.from({ length: n }, (_, k) => squaredColumn(j, n, k))) || 1;
        },
        trial(x, delta) {
          const [j, r] = [problem.jacobian(x), problem.residuals(x)];
          const d = scale(j, x.length, choices.scaling ?? 'diagonal');
          const p = step(
            j,
            r,
            d.map((di) => delta * di),
          );
          return { p, predicted: predicted(j, r, p) };
        },
      }),
    scope: (body) => body(),
  };
}

/** The same on any function: p = −(H + δD)⁻¹g, where that is positive definite. */
export function naiveDampedHessian(
  parts: DampedParts,
  { name = 'levenbergMarquardt (naive)', claims = secondOrderClaims.levenbergMarquardt } = {},
): SolverSubject {
  const {
    scale = (h, n, scaling) =>
      Float64Array.from({ length: n }, (_, k) =>
        scaling === 'identity' ? 1 : Math.abs(h[k * (n + 1)]) || 1,
      ),
    predicted = (h, g, p) => -inner(g, p) - inner(p, times(h, p)) / 2,
  } = parts;
  return {
    kind: 'solver',
    name,
    method: 'levenbergMarquardt',
    epsilon: 2 ** -52,
    claims,
    trace: (problem, start, steps, choices) =>
      dampedTrace(parts, start, steps, choices, {
        value: problem.value,
        curvature: (x, n) =>
          Math.max(...Array.from({ length: n }, (_, k) => Math.abs(problem.hessian!(x)[k * (n + 1)]))) || 1,
        trial(x, delta) {
          const [h, g] = [problem.hessian!(x), problem.gradient!(x)];
          const n = x.length;
          const d = scale(h, n, choices.scaling ?? 'diagonal');
          const damped = h.map((entry, at) => (at % (n + 1) === 0 ? entry + delta * d[at % n] : entry));
          if (!definite(damped, n)) return undefined;
          const p = byElimination(damped, g);
          return { p, predicted: predicted(h, g, p) };
        },
      }),
    scope: (body) => body(),
  };
}

interface Model {
  value(x: Float64Array): number;
  curvature(x: Float64Array, n: number): number;
  /** Nothing where the damped matrix is not definite. */
  trial(x: Float64Array, delta: number): { p: Float64Array; predicted: number } | undefined;
}

function dampedTrace(
  {
    afterRejection = (from) => from,
    next = fletcherRule,
    initial = (relative, scale) => relative * scale,
  }: DampedParts,
  start: ArrayLike<number>,
  steps: number,
  { damping = 1e-3, scaling = 'diagonal' }: SolverChoices,
  model: Model,
): Trace {
  const points: Float64Array[] = [Float64Array.from(start)];
  const trials: Trial[][] = [];
  const n = start.length;
  let delta = initial(damping, scaling === 'identity' ? model.curvature(points[0], n) : 1);
  for (let k = 0; k < steps; k++) {
    let from: Float64Array = points[k];
    const here = model.value(points[k]);
    const tried: Trial[] = [];
    while (tried.length < 30) {
      const proposed = model.trial(from, delta);
      if (proposed === undefined) {
        delta = next(delta, -1);
        continue;
      }
      const x = plus(from, proposed.p);
      if (x.every((xi, i) => xi === from[i])) break;
      const gainRatio = (here - model.value(x)) / proposed.predicted;
      tried.push({ x, damping: delta, gainRatio });
      delta = next(delta, gainRatio);
      if (gainRatio > 0) {
        points.push(x);
        break;
      }
      from = afterRejection(from, x);
    }
    if (tried.length > 0) trials.push(tried);
    if (points.length === k + 1) break;
  }
  return { points, trials };
}

function augmented(j: Float64Array, r: Float64Array, damping: Float64Array): Float64Array {
  const n = damping.length;
  const rows = [
    ...j,
    ...[...damping].flatMap((d, i) => Array.from(damping, (_, k) => (i === k ? Math.sqrt(d) : 0))),
  ];
  return leastSquaresSolution(Float64Array.from(rows), [...r.map((ri) => -ri), ...new Float64Array(n)], n);
}

function squaredColumn(j: Float64Array, n: number, k: number): number {
  let total = 0;
  for (let at = k; at < j.length; at += n) total += j[at] * j[at];
  return total;
}

/** p = −A⁻¹g by elimination without pivoting, in which scaling by powers of two is exact. */
function byElimination(matrix: Float64Array, g: Float64Array): Float64Array {
  const n = g.length;
  const a = matrix.slice();
  const p = g.map((gi) => -gi);
  for (let k = 0; k < n; k++) {
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / a[k * n + k];
      for (let j = k; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
      p[i] -= factor * p[k];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) p[i] -= a[i * n + j] * p[j];
    p[i] /= a[i * n + i];
  }
  return p;
}

/** Whether elimination meets positive pivots only. */
function definite(matrix: Float64Array, n: number): boolean {
  const a = matrix.slice();
  for (let k = 0; k < n; k++) {
    if (!(a[k * n + k] > 0)) return false;
    for (let i = k + 1; i < n; i++) {
      const factor = a[i * n + k] / a[k * n + k];
      for (let j = k; j < n; j++) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return true;
}

export const marquardtOracle = naiveMarquardt({});
export const dampedHessianOracle = naiveDampedHessian({});

/** JᵀJ + δD² solved as it stands, whose condition is squared. */
export function normalEquations(j: Float64Array, r: Float64Array, damping: Float64Array): Float64Array {
  const n = damping.length;
  const turned = transposed(j, r.length);
  const square = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      square[i * n + k] = inner(
        turned.subarray(i * r.length, (i + 1) * r.length),
        turned.subarray(k * r.length, (k + 1) * r.length),
      );
    }
    square[i * n + i] += damping[i];
  }
  return Float64Array.from(solved(square, [...times(turned, r)]), (entry) => -entry);
}

/** Gauss–Newton by orthogonalization. */
export function naiveGaussNewton(
  step: (j: Float64Array, r: Float64Array, n: number) => Float64Array = (j, r, n) =>
    leastSquaresSolution(
      j,
      r.map((ri) => -ri),
      n,
    ),
  { name = 'gaussNewton (naive)', claims = secondOrderClaims.gaussNewton } = {},
): LeastSquaresSubject {
  return {
    kind: 'leastSquares',
    name,
    method: 'gaussNewton',
    epsilon: 2 ** -52,
    claims,
    trace(problem: Required<Residuals>, start, steps, { step: length = 1 }) {
      const points: Float64Array[] = [Float64Array.from(start)];
      for (let k = 0; k < steps; k++) {
        const x = points[k];
        const p = step(problem.jacobian(x), problem.residuals(x), x.length);
        points.push(plus(x, p, Number(length)));
      }
      return { points, trials: points.slice(1).map((x) => [{ x }]) };
    },
    scope: (body) => body(),
  };
}

export const gaussNewtonOracle = naiveGaussNewton();

/** A rule of dampings as a subject. */
export function naiveDamping(
  next: (damping: number, gainRatio: number) => number,
  { name = 'damping (naive)', claims = secondOrderClaims.gainRatioDamping } = {},
): DampingSubject {
  return {
    kind: 'damping',
    name,
    epsilon: 2 ** -52,
    claims,
    start(damping) {
      let value = damping;
      return {
        get value() {
          return value;
        },
        accepted(gainRatio) {
          value = next(value, Math.max(gainRatio, 2 ** -1074));
        },
        rejected() {
          value = next(value, -1);
        },
      };
    },
    scope: (body) => body(),
  };
}

export const dampingOracle = naiveDamping(fletcherRule);

/** What of a trust region may be done wrong. */
export interface RegionParts {
  /** Δ after a trial of this length and gain ratio. */
  next?(radius: number, gainRatio: number, length: number): number;
  predicted?(hessian: Float64Array, gradient: Float64Array, p: Float64Array): number;
}

/** The trust-region method in the eigenbasis. */
export function naiveTrustRegion(
  { next = radiusRule, predicted = (h, g, p) => -inner(g, p) - inner(p, times(h, p)) / 2 }: RegionParts,
  { name = 'trustRegion (naive)', claims = secondOrderClaims.trustRegion } = {},
): SolverSubject {
  return {
    kind: 'solver',
    name,
    method: 'trustRegion',
    epsilon: 2 ** -52,
    claims,
    trace(problem: Minimization, start, steps, { radius = 1 }) {
      const points: Float64Array[] = [Float64Array.from(start)];
      const trials: Trial[][] = [];
      let now = radius;
      for (let k = 0; k < steps; k++) {
        const x = points[k];
        const [g, h] = [problem.gradient!(x), problem.hessian!(x)];
        const tried: Trial[] = [];
        while (tried.length < 30 && points.length === k + 1) {
          const p = eigenSolve(g, h, now).step;
          const there = plus(x, p);
          const promised = predicted(h, g, p);
          if (!(promised > 2 ** -48 * Math.abs(problem.value(x)))) break;
          const gainRatio = (problem.value(x) - problem.value(there)) / promised;
          tried.push({ x: there, radius: now, gainRatio });
          now = next(now, gainRatio, Math.hypot(...p));
          if (gainRatio > 1e-4) points.push(there);
        }
        if (tried.length > 0) trials.push(tried);
        if (points.length === k + 1) break;
      }
      return { points, trials };
    },
    scope: (body) => body(),
  };
}

export function radiusRule(radius: number, gainRatio: number, length: number): number {
  if (!(gainRatio >= 0.25)) return length / 4;
  return gainRatio > 0.75 && length >= 0.99 * radius ? 2 * radius : radius;
}

export const trustRegionOracle = naiveTrustRegion({});
