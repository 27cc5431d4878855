import fc from 'fast-check';
import { boxModels } from '../../arbitraries/box-models.js';
import { dyadicVector, nonzeroVector } from '../../arbitraries/dyadic.js';
import { inner, jacobi, plus, times } from '../../oracles/dense/matrices.js';
import { solved } from '../../oracles/newton.js';
import { learntMatrix } from '../../oracles/second-order/box-step.js';
import { norm } from '../../subjects/point.js';
import type { BoxModel, BoxModelSubject } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { atMost, backward, comparable, type Deviation, forward } from '../tolerance.js';

/** B as it is applied to a vector, and as it is along a path, by what the model is told; and how far rounding may go. */
function matricesOf({ by }: BoxModelSubject, model: BoxModel) {
  const b = by === 'pairs' ? learntMatrix(model) : model.squares;
  const along =
    by === 'matrix'
      ? b.map((entry, at) => entry + (at % (model.n + 1) === 0 ? model.added[at % model.n] : 0))
      : b;
  const { values } = jacobi(b, model.n);
  const kappa = Math.max(...values, model.theta) / Math.min(...values, model.theta);
  // Pairs of almost one direction leave digits: the volume that their directions span.
  const steps = model.pairs.slice(-model.memory).map(([s]) => s.map((si) => si / norm(s)));
  const angles = jacobi(Float64Array.from(steps.flatMap((s) => steps.map((t) => inner(s, t)))), steps.length);
  const apart = by === 'pairs' ? angles.values.reduce((volume, value) => volume * Math.max(0, value), 1) : 1;
  return { b, along, kappa: kappa ** 2 / apart ** 2 };
}

export const pathsOfModels = law({
  id: '99b',
  name: 'a model along a path',
  statement:
    'Along d that loses one component after the other dᵀBd and dᵀBz are those of the dense matrix B, z where the path has come to; so is Bv, and over any variables alone B⁻¹r.',
  tolerance: 'K',
  source: 'Byrd, Nocedal and Schnabel 1994, theorem 2.3; κ = κ(B)² and what the angle of pairs leaves',
  kind: 'boxModel',
  sample: () =>
    boxModels().chain((model) => {
      const { n } = model;
      return fc.tuple(
        fc.constant(model),
        nonzeroVector(n),
        fc.array(fc.tuple(fc.constantFrom(0.5, 1, 3), fc.nat(n - 1)), { minLength: 1, maxLength: 4 }),
        dyadicVector(n),
        fc.array(fc.boolean(), { minLength: n, maxLength: n }),
      );
    }),
  measure(subject, [model, begun, ways, v, chosen]) {
    const { n } = model;
    const { b, along, kappa } = matricesOf(subject, model);
    fc.pre(comparable(n, kappa, subject.epsilon));
    const path = subject.path(model);
    const d = Float64Array.from(begun);
    let z: Float64Array = new Float64Array(n);
    path.begin(d.slice());
    const found: Deviation[] = [];
    const size = norm(along);
    const compare = (what: string, got: number, expected: number, scale: number) =>
      found.push(forward(what, Math.abs(got - expected), scale, 4 * n, kappa, subject.epsilon));
    const square = inner(d, d);
    for (const [step, dropped] of ways) {
      path.advance(step);
      z = plus(z, d, step);
      const bz = times(along, z);
      compare('dᵀBz', path.turn(), inner(d, bz), size * Math.sqrt(square) * norm(z));
      compare('dᵀBd', path.curvature(), inner(d, times(along, d)), size * square);
      const di = d[dropped];
      d[dropped] = 0;
      path.drop(dropped, di, inner(d, d));
      compare('dᵀBd without a component', path.curvature(), inner(d, times(along, d)), size * square);
      compare('dᵀBz without a component', path.turn(), inner(d, bz), size * Math.sqrt(square) * norm(z));
    }
    const product = new Float64Array(n);
    path.product(Float64Array.from(v), product);
    const error = norm(plus(product, times(b, v), -1));
    found.push(forward('Bv', error, norm(b) * norm(v), 4 * n, kappa, subject.epsilon));
    const free = Int32Array.from(chosen.flatMap((is, i) => (is ? [i] : [])));
    if (free.length === 0) return found;
    const right = Float64Array.from(free, (i) => begun[i]);
    const got = new Float64Array(free.length);
    if (!path.subspace(free, right.slice(), got))
      return [...found, backward('subspaces refused', 1, 0, n, 1)];
    const inside = Float64Array.from([...free].flatMap((i) => [...free].map((j) => b[i * n + j])));
    const off = norm(plus(times(inside, got), right, -1));
    found.push(
      forward('B_FF·B_FF⁻¹r − r', off, norm(right) + norm(inside) * norm(got), 4 * n, kappa, subject.epsilon),
    );
    return found;
  },
});

export const stepsInBoxes = law({
  id: '99c',
  name: 'steps of a model in a box',
  statement:
    'x + p lies in the box; what a bound holds at the first minimizer along P(x − tg) it holds at x + p; the model’s slope vanishes in every variable that stands at no bound; and m(p) is at most m there, and at most what the way from there to the minimizer over the free variables gives, cut at its first bound or projected.',
  tolerance: 'K',
  source: 'Byrd, Lu, Nocedal and Zhu 1995, sections 4 and 5.1; Morales and Nocedal 2011',
  kind: 'boxModel',
  sample: () =>
    boxModels().chain((model) => {
      const { n } = model;
      const distances = fc.array(fc.constantFrom(Number.POSITIVE_INFINITY, 4, 1, 0.25, 2 ** -6, 0), {
        minLength: n,
        maxLength: n,
      });
      return fc.tuple(fc.constant(model), nonzeroVector(n), dyadicVector(n), distances, distances);
    }),
  measure(subject, [model, drawn, start, below, above]) {
    const { n } = model;
    const { b, kappa } = matricesOf(subject, model);
    fc.pre(comparable(n, kappa, subject.epsilon));
    const [gradient, x] = [Float64Array.from(drawn), Float64Array.from(start)];
    const lower = x.map((xi, i) => xi - below[i]);
    const upper = x.map((xi, i) => xi + above[i]);
    const p = subject.step(model, { x, gradient, lower, upper });
    const end = plus(x, p);
    const value = (q: Float64Array) => inner(gradient, q) + inner(q, times(b, q)) / 2;
    const terms = (q: Float64Array) => norm(gradient) * norm(q) + norm(b) * inner(q, q);
    const size = norm(x) + norm(p);
    const near = 2 ** -30 * size;
    const bend = bentMinimizer(b, gradient, x, lower, upper);
    // Where rounding decides which variable meets its bound, or whether the path ends at a bend, others may hold.
    fc.pre(bend !== undefined);
    const { point, free } = bend!;
    const found: Deviation[] = [];
    for (let i = 0; i < n; i++) {
      const [under, over] = [lower[i] - end[i], end[i] - upper[i]];
      found.push(atMost(`x_${i} beyond its bounds`, Math.max(under, over), 0, n, subject.epsilon, size));
      if (!free.includes(i)) {
        const off = Math.abs(end[i] - point[i]);
        found.push(forward(`x_${i}, which its bound holds`, off, size, 4, 1, subject.epsilon));
      } else if (end[i] - lower[i] > near && upper[i] - end[i] > near) {
        const slope = gradient[i] + inner(b.subarray(i * n, (i + 1) * n), p);
        const scale = norm(gradient) + norm(b) * size;
        found.push(forward(`the slope in x_${i}`, Math.abs(slope), scale, 4 * n, kappa, subject.epsilon));
      }
    }
    for (const other of [point, ...furtherPoints(b, gradient, x, point, free, lower, upper)]) {
      const q = plus(other, x, -1);
      const allowed = (terms(p) + terms(q)) * kappa;
      found.push(atMost('m(p)', value(p), value(q), n, subject.epsilon, allowed));
    }
    return found;
  },
});

export const boxModelLaws = [pathsOfModels, stepsInBoxes];

/**
 * The first minimizer of m along P(x − tg), found by trying every piece between two bends; and the variables that no
 * bound holds there. Nothing where it lies so near to a bend that rounding decides.
 */
function bentMinimizer(
  b: Float64Array,
  gradient: Float64Array,
  x: Float64Array,
  lower: Float64Array,
  upper: Float64Array,
): { point: Float64Array; free: readonly number[] } | undefined {
  const bounds = gradient.map((g, i) => (g > 0 ? lower[i] : upper[i]));
  const ends = gradient.map((g, i) => (x[i] - bounds[i]) / g);
  const at = (t: number) => x.map((xi, i) => (t >= ends[i] ? bounds[i] : xi - t * gradient[i]));
  const bends = [0, ...new Set(ends)].sort((s, t) => s - t);
  for (const [k, from] of bends.entries()) {
    if (from === Number.POSITIVE_INFINITY) break;
    const free = [...ends.keys()].filter((i) => ends[i] > from);
    if (free.length === 0) return { point: at(from), free };
    const d = gradient.map((g, i) => (ends[i] > from ? -g : 0));
    const z = plus(at(from), x, -1);
    const [slope, curvature] = [inner(d, plus(gradient, times(b, z))), inner(d, times(b, d))];
    if (Math.abs(slope) < 1e-9 * inner(d, d)) return undefined;
    if (slope > 0) return { point: at(from), free };
    const t = from - slope / curvature;
    const to = bends[k + 1] ?? Number.POSITIVE_INFINITY;
    if (Math.abs(t - to) < 1e-9 * t) return undefined;
    if (t < to) return { point: at(t), free };
  }
  return undefined;
}

/** From the bent path's minimizer to that over its free variables: cut at the first bound, and projected. */
function furtherPoints(
  b: Float64Array,
  gradient: Float64Array,
  x: Float64Array,
  point: Float64Array,
  free: readonly number[],
  lower: Float64Array,
  upper: Float64Array,
): Float64Array[] {
  if (free.length === 0) return [];
  const n = x.length;
  const slopes = plus(gradient, times(b, plus(point, x, -1)));
  const inside = Float64Array.from(free.flatMap((i) => free.map((j) => b[i * n + j])));
  const moved = solved(
    inside,
    free.map((i) => -slopes[i]),
  );
  const d = new Float64Array(n);
  free.forEach((i, k) => {
    d[i] = moved[k];
  });
  const room = free.map((i) => (d[i] === 0 ? 1 : ((d[i] > 0 ? upper[i] : lower[i]) - point[i]) / d[i]));
  const clipped = (y: Float64Array) => y.map((yi, i) => Math.min(upper[i], Math.max(lower[i], yi)));
  return [Math.min(1, ...room), 1].map((alpha) => clipped(plus(point, d, alpha)));
}
