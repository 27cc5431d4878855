import fc from 'fast-check';
import { courses, points, shapeLists } from '../arbitraries/courses.js';
import { nonzeroDyadic, scale } from '../arbitraries/dyadic.js';
import { drawn } from '../arbitraries/options.js';
import { traitsOf } from '../subjects/method-traits.js';
import { flat, mapPoint, norm, shaped } from '../subjects/point.js';
import type { Optimizer, Point } from '../subjects/subject.js';
import { ride } from '../subjects/trajectory.js';
import { law } from './law.js';
import { scheduleLaws } from './schedules.js';
import { atMost, backward, bitwise, bounded, type Deviation } from './tolerance.js';
import { samePoints } from './universal.js';

export const weightAverage = law({
  id: '57',
  name: 'weight average',
  statement:
    'a ← βa + (1−β)x stays in the hull of the points, is linear in them and keeps a constant; for the first `warmup` updates it is the newest point, bitwise.',
  tolerance: 'R',
  source: 'Polyak and Juditsky 1992; Tarvainen and Valpola 2017, equation 2',
  kind: 'average',
  sample: () =>
    fc.record({
      beta: fc.constantFrom(0, 0.5, 0.9, 0.999),
      warmup: fc.nat(3),
      runs: shapeLists().chain((shapes) => {
        const run = fc.array(points(shapes), { minLength: 5, maxLength: 5 });
        return fc.tuple(run, run);
      }),
    }),
  measure(subject, { beta, warmup, runs: [left, right] }) {
    const average = subject.create({ beta, warmup });
    const { epsilon } = subject;
    const averages = average(left).map(flat);
    const others = average(right).map(flat);
    const sums = average(left.map((point, k) => plus(point, right[k]))).map(flat);
    const still = average(left.map(() => left[0])).map(flat);
    const runs = [left, right].map((run) => run.map(flat));
    const found: Deviation[] = [];
    averages.forEach((values, k) => {
      if (k < warmup) found.push(bitwise('average during warm-up', values, runs[0][k + 1]));
      const before = k === 0 ? runs[0][0] : averages[k - 1];
      values.forEach((a, i) => {
        const seen = runs.map((run) => run.slice(0, k + 2).map((x) => x[i]));
        const size = Math.max(...seen.flat().map(Math.abs));
        const [lowest, highest] = [Math.min(...seen[0]), Math.max(...seen[0])];
        found.push(
          atMost('average, above', a, highest, k + 1, epsilon, size),
          atMost('average, below', -a, -lowest, k + 1, epsilon, size),
          backward('average of a sum', Math.abs(sums[k][i] - a - others[k][i]), 2 * size, k + 2, epsilon),
          backward('average of a constant', Math.abs(still[k][i] - runs[0][0][i]), size, k + 2, epsilon),
        );
        if (k >= warmup) {
          const residual = Math.abs(a - (beta * before[i] + (1 - beta) * runs[0][k + 1][i]));
          found.push(backward('βa + (1−β)x', residual, size, 1, epsilon));
        }
      });
    });
    return found;
  },
});

export const exponentialSchedule = law({
  id: '58',
  name: 'exponential schedule',
  statement: 'r(s+t)·r(0) = r(s)·r(t), and r(t) is r(0) times the factor t times over, within 4tε.',
  tolerance: 'R',
  source: 'the functional equation of the exponential',
  kind: 'schedule',
  sample: (subject) =>
    drawn(subject, {
      from: nonzeroDyadic().map(Math.abs),
      factor: fc.constantFrom(1, 0.5, 0.9, 0.999),
      s: fc.nat(50),
      t: fc.nat(50),
    }),
  measure(subject, { from, factor, s, t }) {
    const rate = subject.create({ from, factor });
    const [left, right] = [rate(s + t) * rate(0), rate(s) * rate(t)];
    let iterated = rate(0);
    for (let k = 0; k < t; k++) iterated *= factor;
    const allowed = 4 * subject.epsilon;
    return [
      bitwise('r(0)', rate(0), from),
      bounded('r(s+t)·r(0) − r(s)·r(t)', Math.abs(left - right), allowed * (s + t) * Math.abs(right)),
      bounded('r(t) − r(0)·factorᵗ', Math.abs(rate(t) - iterated), allowed * t * Math.abs(iterated)),
    ];
  },
});

export const clipping = law({
  id: '59',
  name: 'clipping',
  statement:
    'By norm: ‖u‖ ≤ c(1 + (4+n)ε), parallel, the identity where ‖g‖ ≤ c. By value: entries in [−c, c], idempotent. Both: no two points move apart.',
  tolerance: 'I',
  needs: ['clips'],
  source: 'projection onto a convex set; Pascanu, Mikolov and Bengio 2013, algorithm 1',
  kind: 'optimizer',
  sample: () =>
    fc.tuple(
      fc.constantFrom(1, 0.25, 5),
      shapeLists().chain((shapes) => fc.tuple(points(shapes), points(shapes))),
    ),
  measure(subject, [most, [left, right]]) {
    const { epsilon } = subject;
    const optimizer = subject.create({ most });
    const clip = (point: Point) => firstUpdate(optimizer, point, point);
    const [g, h] = [flat(left), flat(right)];
    const [u, v] = [flat(clip(left)), flat(clip(right))];
    const n = g.length;
    const apart = (x: Float64Array, y: Float64Array) => norm(x.map((xi, i) => xi - y[i]));
    const found = [atMost('‖clip(g) − clip(h)‖', apart(u, v), apart(g, h), n, epsilon, norm(g) + norm(h))];
    if (traitsOf(subject).clips === 'value') {
      const again = flat(clip(shaped(left, u)));
      const inside = g.map((gi) => Math.max(-most, Math.min(most, gi)));
      return [...found, bitwise('clip(clip(g))', again, u), bitwise('clip(g)', u, inside)];
    }
    const length = norm(g);
    found.push(bounded('‖clip(g)‖ − c', Math.max(0, norm(u) - most), most * (4 + n) * epsilon));
    if (length < most) found.push(bitwise('clip(g) for ‖g‖ < c', u, g));
    const expected = g.map((gi) => gi * Math.min(1, most / (length || most)));
    return [...found, backward('clip(g) − g·min(1, c/‖g‖)', apart(u, expected), norm(expected), n, epsilon)];
  },
});

export const trustRatio = law({
  id: '60',
  name: 'trust ratio',
  statement:
    'Leaf by leaf ‖Δ‖ = ηc‖w‖ whatever the length of the gradient: g → 2ᵏg changes nothing (bitwise). Leaves with w = 0 or g = 0 make no NaN.',
  tolerance: 'R',
  needs: ['trust'],
  source: 'You, Gitman and Ginsburg 2017, equation 6; You et al. 2020, algorithm 2',
  kind: 'optimizer',
  sample: () =>
    fc.record({
      coefficient: fc.constantFrom(1, 0.25, 0.001),
      learningRate: fc.constantFrom(1, 0.5),
      factor: scale(15),
      course: courses({ steps: { min: 1, max: 1 }, zeros: false }),
    }),
  measure(subject, { coefficient, learningRate, factor, course }) {
    const { epsilon } = subject;
    const { chosen, pure, along } = traitsOf(subject).trust!;
    const [options, length] = chosen(learningRate, coefficient);
    const optimizer = subject.create({ ...options, ...pure });
    const { start, gradients } = course;
    const [g] = gradients;
    const update = firstUpdate(optimizer, start, g);
    const found = samePoints(
      'update for 2ᵏg',
      [
        firstUpdate(
          optimizer,
          start,
          mapPoint(g, (gi) => gi * factor),
        ),
      ],
      [update],
    );
    if (start.some(({ data }) => norm(data) === 0)) found.length = 0; // such leaves pass g on as it is
    start.forEach(({ data: w }, leaf) => {
      const u = update[leaf].data;
      if (norm(w) === 0) return;
      const expected = length * norm(w);
      found.push(backward('‖Δ‖ − ηc‖w‖', Math.abs(norm(u) - expected), expected, w.length, epsilon));
      if (along === undefined) return;
      const parallel = Float64Array.from(
        u,
        (ui, i) => ui * norm(g[leaf].data) - along * expected * g[leaf].data[i],
      );
      const norms = 2 * expected * norm(g[leaf].data);
      found.push(backward('Δ against the gradient', norm(parallel), norms, w.length, epsilon));
    });
    const safe = subject.create(options);
    const nothing = (point: Point) => mapPoint(point, () => 0);
    for (const [x, slope] of [
      [nothing(start), g],
      [start, nothing(g)],
      [nothing(start), nothing(g)],
    ]) {
      const finite = flat(firstUpdate(safe, x, slope)).every(Number.isFinite);
      found.push(bitwise('finite updates for w = 0 or g = 0', finite ? 1 : 0, 1));
    }
    return found;
  },
});

export const utilityLaws = [weightAverage, exponentialSchedule, ...scheduleLaws, clipping, trustRatio];

function firstUpdate(optimizer: Optimizer, start: Point, gradient: Point): Point {
  return ride(optimizer, { start, gradients: [gradient] }, 2 ** -52).updates[0];
}

function plus(left: Point, right: Point): Point {
  const other = flat(right);
  return mapPoint(left, (x, i) => x + other[i]);
}
