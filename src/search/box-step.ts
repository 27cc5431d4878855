import type { PathModel } from '../curvature/path-model.js';
import { dot, norm } from '../linalg/vector.js';
import type { Box } from '../objective/bounds.js';
import type { Iterate } from '../objective/iterate.js';

/** The model is minimized over the free variables so often at most, fewer of them each time. */
const mostRounds = 8;

/**
 * The step of a quadratic model m(p) = gᵀp + ½pᵀBp in a box, B positive definite: the first minimizer along P(x − tg),
 * the steepest path that bends at bounds (the generalized Cauchy point), says which bounds hold; the model is then
 * minimized over the variables that are free there.
 *
 * Where that minimizer lies outside, the lower of its projection and of the way to it, cut at the first bound, is taken,
 * and the model minimized again over what is still free. Every such step lowers m, so that p descends. x + p lies in
 * the box.
 * Source: Byrd, Lu, Nocedal and Zhu 1995, sections 4 and 5.1; Morales and Nocedal 2011 (the projection).
 */
export function boxStep(model: PathModel, at: Iterate, box: Box, into: Float64Array): void {
  const { x, gradient } = at;
  const n = x.length;
  const point = cauchyPoint(model, at, box);
  const slopes = new Float64Array(n);
  const z = new Float64Array(n);
  const product = new Float64Array(n);
  const judge = (end: Float64Array) => {
    for (let i = 0; i < n; i++) z[i] = end[i] - x[i];
    model.product(z, product);
    return dot(gradient, z) + dot(z, product) / 2;
  };
  const goTo = (end: Float64Array) => {
    point.set(end);
    into.set(z);
    for (let i = 0; i < n; i++) slopes[i] = gradient[i] + product[i];
  };
  judge(point);
  goTo(point);
  for (let round = 0; round < mostRounds; round++) {
    const d = freeStep(model, point, slopes, box);
    if (d === undefined) return;
    const alpha = box.reach(point, d);
    const projected = moved(point, d, 1, box);
    if (alpha < 1) {
      const cut = moved(point, d, alpha, box);
      const low = judge(cut);
      if (!(judge(projected) < low)) {
        judge(cut);
        if (!(dot(gradient, z) < 0)) return;
        goTo(cut);
        continue;
      }
    } else judge(projected);
    // Of a model that is not convex over the rest a lower point may lie uphill.
    if (!(dot(gradient, z) < 0)) return;
    goTo(projected);
    if (alpha >= 1) return;
  }
}

/** The step to the model's minimizer over the variables that stand at no bound; nothing where there are none. */
function freeStep(
  model: PathModel,
  point: Float64Array,
  slopes: Float64Array,
  { lower, upper }: Box,
): Float64Array | undefined {
  const free = Int32Array.from(point.keys()).filter((i) => point[i] > lower[i] && point[i] < upper[i]);
  const inner = new Float64Array(free.length);
  const right = Float64Array.from(free, (i) => -slopes[i]);
  if (free.length === 0 || !model.subspace(free, right, inner) || !inner.every(Number.isFinite))
    return undefined;
  const d = new Float64Array(point.length);
  for (let f = 0; f < free.length; f++) d[free[f]] = inner[f];
  return d;
}

/** P(x + αd), with the variables that rounding leaves just short of a bound on it. */
function moved(x: Float64Array, d: Float64Array, alpha: number, { lower, upper }: Box): Float64Array {
  return x.map((xi, i) => {
    if (d[i] === 0) return xi;
    const bound = d[i] > 0 ? upper[i] : lower[i];
    return alpha >= ((bound - xi) / d[i]) * (1 - 2 * Number.EPSILON) ? bound : xi + alpha * d[i];
  });
}

/**
 * Whether no bound can matter to the step p of the same model without bounds: x + p lies inside, and so does
 * everything along −g up to the length of p, which the model's minimizer along −g never exceeds.
 */
export function isFarFromBounds(box: Box, { x, gradient }: Iterate, p: Float64Array, first: number): boolean {
  const alpha = (first * norm(p)) / norm(gradient);
  const { lower, upper } = box;
  for (let i = 0; i < x.length; i++) {
    const newton = x[i] + first * p[i];
    const steepest = x[i] - alpha * gradient[i];
    if (!(Math.min(newton, steepest) >= lower[i] && Math.max(newton, steepest) <= upper[i])) return false;
  }
  return true;
}

/** Where q(t) = m(P(x − tg) − x) has its first minimizer. */
function cauchyPoint(model: PathModel, { x, gradient }: Iterate, box: Box): Float64Array {
  const n = x.length;
  const d = new Float64Array(n);
  const ends = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const bending: number[] = [];
  for (let i = 0; i < n; i++) {
    const g = gradient[i];
    if (g === 0 || box.holds(i, x, gradient)) continue;
    d[i] = -g;
    ends[i] = (x[i] - (g > 0 ? box.lower[i] : box.upper[i])) / g;
    if (ends[i] < Number.POSITIVE_INFINITY) bending.push(i);
  }
  bending.sort((one, other) => ends[one] - ends[other]);
  // dᵀd of what is left after each bend, summed from the last one back, as differences would cancel.
  const left = new Float64Array(bending.length + 1);
  for (let i = 0; i < n; i++) if (ends[i] === Number.POSITIVE_INFINITY) left[bending.length] += d[i] * d[i];
  for (let k = bending.length - 1; k >= 0; k--) left[k] = left[k + 1] + d[bending[k]] ** 2;

  model.begin(d);
  const straight = model.curvature();
  const point = x.slice();
  let t = 0;
  for (let k = 0; ; k++) {
    const slope = -left[k] + model.turn();
    const curvature = Math.max(model.curvature(), Number.EPSILON * straight);
    const step = slope < 0 ? -slope / curvature : 0;
    const i = bending[k];
    if (i === undefined || t + step < ends[i]) {
      t += step;
      if (step > 0) model.advance(step);
      break;
    }
    model.advance(ends[i] - t);
    t = ends[i];
    point[i] = d[i] > 0 ? box.upper[i] : box.lower[i];
    model.drop(i, d[i], left[k + 1]);
    d[i] = 0;
    if (left[k + 1] === 0) break;
  }
  for (let i = 0; i < n; i++) if (d[i] !== 0) point[i] = x[i] + t * d[i];
  box.clip(point);
  return point;
}
