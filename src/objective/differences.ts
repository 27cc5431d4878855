import { norm } from '../linalg/vector.js';
import type { Box } from './bounds.js';
import { stencilWithin } from './differences-within.js';

const cubeRoot = Math.cbrt(2 ** -52);

/**
 * The step of a central difference at x: ε^⅓·max(typical, |x|), rounded so that x + h and x are exactly h apart.
 */
export function differenceStep(x: number, typical = 1): number {
  const shifted = x + cubeRoot * Math.max(typical, Math.abs(x));
  return shifted - x;
}

/**
 * The gradient by central differences: gᵢ ≈ (f(x + hᵢeᵢ) − f(x − hᵢeᵢ)) / 2hᵢ, error O(h²).
 *
 * Costs 2n values. `x` is restored exactly. With a box no point outside it is asked for.
 * Source: Gill, Murray and Wright 1981, section 4.6.
 */
export function centralGradient(
  value: (x: Float64Array) => number,
  x: Float64Array,
  into: Float64Array,
  box?: Box,
): void {
  for (let i = 0; i < x.length; i++) {
    const kept = x[i];
    const h = differenceStep(kept);
    const inside = box && stencilWithin(box, i, kept, h);
    if (inside !== undefined) {
      into[i] = 0;
      for (const [k, point] of inside.points.entries()) {
        x[i] = point;
        into[i] += inside.weights[k] * value(x);
      }
      x[i] = kept;
      continue;
    }
    x[i] = kept + h;
    const above = value(x);
    x[i] = kept - h;
    const below = value(x);
    x[i] = kept;
    into[i] = (above - below) / (2 * h);
  }
}

/** The Hessian, row-major and symmetrised, by central differences of a gradient: 2n gradients. */
export function centralHessian(
  gradient: (x: Float64Array, into: Float64Array) => void,
  x: Float64Array,
  into: Float64Array,
  box?: Box,
): void {
  const n = x.length;
  centralJacobian(gradient, x, n, into, undefined, box);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) into[i * n + j] = into[j * n + i] = (into[i * n + j] + into[j * n + i]) / 2;
  }
}

/**
 * The Jacobian, row-major m×n, of a vector function by central differences: 2n evaluations.
 *
 * `typical` holds a size for each variable below which its step does not shrink; 1 where absent.
 */
export function centralJacobian(
  residuals: (x: Float64Array, into: Float64Array) => void,
  x: Float64Array,
  m: number,
  into: Float64Array,
  typical?: Float64Array,
  box?: Box,
): void {
  const n = x.length;
  const above = new Float64Array(m);
  const below = new Float64Array(m);
  for (let j = 0; j < n; j++) {
    const kept = x[j];
    const h = differenceStep(kept, typical?.[j]);
    const inside = box && stencilWithin(box, j, kept, h);
    if (inside !== undefined) {
      for (let i = 0; i < m; i++) into[i * n + j] = 0;
      for (const [k, point] of inside.points.entries()) {
        x[j] = point;
        residuals(x, above);
        for (let i = 0; i < m; i++) into[i * n + j] += inside.weights[k] * above[i];
      }
      x[j] = kept;
      continue;
    }
    x[j] = kept + h;
    residuals(x, above);
    x[j] = kept - h;
    residuals(x, below);
    x[j] = kept;
    for (let i = 0; i < m; i++) into[i * n + j] = (above[i] - below[i]) / (2 * h);
  }
}

/** Hv by a central difference of the gradient along v: error O(h²), two gradients. */
export function centralProduct(
  gradient: (x: Float64Array, into: Float64Array) => void,
  x: Float64Array,
  v: Float64Array,
  into: Float64Array,
): void {
  const length = norm(v);
  if (length === 0) {
    into.fill(0);
    return;
  }
  const h = (cubeRoot * (1 + norm(x))) / length;
  const shifted = x.map((xi, i) => xi + h * v[i]);
  const above = new Float64Array(x.length);
  gradient(shifted, above);
  for (let i = 0; i < x.length; i++) shifted[i] = x[i] - h * v[i];
  gradient(shifted, into);
  for (let i = 0; i < x.length; i++) into[i] = (above[i] - into[i]) / (2 * h);
}
