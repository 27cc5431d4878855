import fc from 'fast-check';
import { type BoxedProblem, boxedProblems, halfSquares } from '../../arbitraries/boxes.js';
import { largest, norm } from '../../subjects/point.js';
import { solverTraits } from '../../subjects/second-order/solver-traits.js';
import type { BoundedSubject, HalfSquares } from '../../subjects/second-order/subject.js';
import { law } from '../law.js';
import { atMost, bitwise, type Deviation } from '../tolerance.js';

const steps = 200;
const derivatives = fc.constantFrom<'given' | 'differences'>('given', 'differences');

export const insideTheBox = law({
  id: '98',
  name: 'inside the box',
  statement:
    'Every point at which the function or a derivative is asked for lies in l ≤ x ≤ u, differences included.',
  tolerance: 'B',
  source: 'bounds say where a function is defined',
  kind: 'bounded',
  sample: () => fc.tuple(boxedProblems(), derivatives),
  measure(subject, [{ problem, start, lower, upper }, given]) {
    const { evaluated } = subject.run(problem, start, { lower, upper }, 30, given);
    return evaluated.map((x, k) =>
      bitwise(
        `evaluation ${k}`,
        x,
        x.map((xi, i) => Math.min(upper[i], Math.max(lower[i], xi))),
      ),
    );
  },
});

export const minimumInTheBox = law({
  id: '99',
  name: 'a minimum in the box',
  statement:
    'On a convex function a run to the last digit ends where no step along P(x − αg), from as long as x down to where the slope promises less than rounding, lowers f by more than its rounding error.',
  tolerance: 'I',
  source: 'Karush 1939; Kuhn and Tucker 1951: g is 0 but for what a bound holds',
  kind: 'bounded',
  sample: () => boxedProblems({ linear: true }),
  measure(subject, { problem, start, lower, upper, n }) {
    const { points } = subject.run(problem, start, { lower, upper }, steps, 'given');
    const x = points.at(-1)!;
    const g = problem.gradient(x);
    const f = problem.value(x);
    const terms = Math.abs(f) + norm(g) * norm(x) + norm(problem.hessian(x)) * norm(x) ** 2;
    const longest = (largest(x) || 1) / (largest(g) || 1);
    const valueAfter = (halvings: number) => {
      const alpha = longest * 2 ** -halvings;
      const moved = x.map((xi, i) => Math.min(upper[i], Math.max(lower[i], xi - alpha * g[i])));
      const promised = moved.reduce((sum, mi, i) => sum + g[i] * (x[i] - mi), 0);
      return promised > 64 * n * subject.epsilon * terms ? problem.value(moved) : f;
    };
    return Array.from({ length: 40 }, (_, halvings) =>
      atMost('f(x) at the end', f, valueAfter(halvings), 4 * n, subject.epsilon, terms),
    );
  },
});

export const farBoundsAreNone = law({
  id: '100',
  name: 'far bounds are none',
  statement:
    'While every bound is 64 times further than the run without bounds ever went, the path is that of the method without bounds, bit for bit.',
  tolerance: 'B',
  source:
    'a bound that does not hold changes neither the path that bends at bounds nor the minimum behind it',
  kind: 'bounded',
  // Where J is near to singular the undamped step, looked at before a fit ends, leads further than any that was tried.
  sample: (subject) => halfSquares({ linear: solverTraits(subject).triesUndamped }),
  measure(subject, { problem, start, n }) {
    const free = subject.run(problem, start, undefined, 30, 'given');
    const far = (i: number) => {
      const reached = free.evaluated.map((x) => Math.abs(x[i] - start[i]));
      return 64 * Math.max(1, ...reached, ...free.evaluated.map((x) => Math.abs(x[i])));
    };
    const sides = Array.from({ length: n }, (_, i) => far(i));
    const most = Math.max(...sides);
    // A step as long as a search lets it be was cut on its way: how far it led is not known.
    if (most > 2 ** 30) return [];
    const held = subject.run(
      problem,
      start,
      { lower: start.map((xi) => xi - most), upper: start.map((xi) => xi + most) },
      30,
      'given',
    );
    return [
      bitwise('iterations', held.points.length, free.points.length),
      ...free.points
        .slice(0, held.points.length)
        .map((x, k): Deviation => bitwise(`x_${k}`, held.points[k], x)),
    ];
  },
});

/** Exponents k of r and j of x. */
const exponents = fc.tuple(fc.integer({ min: -200, max: 200 }), fc.integer({ min: -200, max: 200 }));

export const unitsOfBounds = law({
  id: '73c',
  name: 'units of bounds',
  statement: 'r → 2ᵏr with x and the bounds → 2ʲ times themselves leave the path the same, bit for bit.',
  tolerance: 'B',
  source: 'homogeneity: a bound is as long as x',
  kind: 'bounded',
  sample: () =>
    fc.tuple(
      boxedProblems().filter(({ start }) => largest(start) > 0),
      exponents,
    ),
  measure: (subject, [boxed, [k, j]]) =>
    inUnits(
      subject,
      boxed,
      k,
      boxed.start.map(() => j),
    ),
});

export const unitsOfBoundedVariables = law({
  id: '73e',
  name: 'units of bounded variables',
  statement:
    'r → 2ᵏr and xⱼ → 2^(uⱼ)xⱼ with its bounds, each variable in a unit of its own, leave the path of least squares in a box the same, bit for bit.',
  tolerance: 'B',
  source: 'Marquardt 1963; Moré 1978, section 6: what is steepest is so in the variables as D measures them',
  kind: 'bounded',
  sample: () =>
    fc.tuple(
      boxedProblems().filter(({ start }) => largest(start) > 0),
      fc.integer({ min: -60, max: 60 }),
      fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 3, maxLength: 3 }),
    ),
  measure: (subject, [boxed, k, powers]) =>
    inUnits(
      subject,
      boxed,
      k,
      boxed.start.map((_, j) => powers[j % powers.length]),
    ),
});

/** The path of the residuals times 2ᵏ, of variables 2^(uⱼ) times as large, beside that of the residuals as they are. */
function inUnits(
  subject: BoundedSubject,
  { problem, start, lower, upper }: BoxedProblem,
  k: number,
  powers: readonly number[],
): Deviation[] {
  const n = start.length;
  const level = 2 ** k;
  const lengths = powers.map((power) => 2 ** power);
  const back = (x: Float64Array) => x.map((xi, i) => xi / lengths[i]);
  const scaled: HalfSquares = {
    residuals: (x) => problem.residuals(back(x)).map((r) => r * level),
    jacobian: (x) => problem.jacobian(back(x)).map((entry, at) => (entry * level) / lengths[at % n]),
    value: (x) => problem.value(back(x)) * level * level,
    gradient: (x) => problem.gradient(back(x)).map((g, i) => ((g * level) / lengths[i]) * level),
    hessian: (x) =>
      problem
        .hessian(back(x))
        .map((entry, at) => ((entry * level) / lengths[at % n] / lengths[Math.floor(at / n)]) * level),
  };
  const there = subject.run(problem, start, { lower, upper }, 6, 'given').points;
  const longer = (x: readonly number[]) => x.map((xi, i) => xi * lengths[i]);
  const sides = { lower: longer(lower), upper: longer(upper) };
  const here = subject.run(scaled, longer(start), sides, 6, 'given').points;
  return [
    bitwise('iterations', here.length, there.length),
    ...there
      .slice(0, here.length)
      .map((x, at) => bitwise(`x_${at} in units of 2^[${powers}]`, back(here[at]), x)),
  ];
}

export const boundLaws = [
  insideTheBox,
  minimumInTheBox,
  farBoundsAreNone,
  unitsOfBounds,
  unitsOfBoundedVariables,
];
